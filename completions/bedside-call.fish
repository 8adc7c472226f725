complete -c bedside-call -l fd -d 'The connection to the agent, upgraded for one visit, as an inherited descriptor' -r
complete -c bedside-call -l camera -d 'Camera: part of its name, `test-card` or `none`' -r
complete -c bedside-call -l microphone -d 'Microphone: part of its name, `tone`, `file:PATH` (a WAV file, spoken again and again) or `none`' -r
complete -c bedside-call -l speaker -d 'Speaker: part of its name or `none`' -r
complete -c bedside-call -l headless -d 'Sound and picture without a window'
complete -c bedside-call -l loopback -d 'Offer this machine\'s loopback addresses, too: both ends are on it'
complete -c bedside-call -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside-call -l list-devices -d 'List cameras, microphones and speakers, and leave'
complete -c bedside-call -l json -d 'With --list-devices: one JSON object'
complete -c bedside-call -s h -l help -d 'Print help'
complete -c bedside-call -s V -l version -d 'Print version'
