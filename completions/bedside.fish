# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_bedside_global_optspecs
    string join \n vault= json passphrase-file= passphrase-fd= camera= microphone= speaker= original-sound loopback headless h/help V/version
end

function __fish_bedside_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_bedside_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_bedside_using_subcommand
    set -l cmd (__fish_bedside_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c bedside -n "__fish_bedside_needs_command" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_needs_command" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_needs_command" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_needs_command" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_needs_command" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_needs_command" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_needs_command" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_needs_command" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_needs_command" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_needs_command" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_needs_command" -s V -l version -d 'Print version'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "init" -d 'Make a vault: passphrase, recovery key, and how calls may travel'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "unlock" -d 'Open the vault; starts the agent if none runs'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "lock" -d 'Lock the vault: its keys leave the memory'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "passphrase" -d 'The passphrase'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "key" -d 'The ways into the vault: passphrase, keys, recovery key'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "compartment" -d 'Notes that stand apart, under passphrases of their own'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "status" -d 'Vault, relay, waiting room and visit in a few lines'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "practice" -d 'The practice: name, relay, rules'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "patient" -d 'Patients'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "appointment" -d 'Appointments'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "appt" -d 'Appointments'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "agenda" -d 'The appointments of a day or several'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "feed" -d 'What other systems send by themselves, and calendars on other servers (CalDAV)'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "note" -d 'Notes: drafts until signed, then only addenda'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "task" -d 'What is to be done, by day'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "message" -d 'Secure messages'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "room" -d 'The waiting room'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "call" -d 'Admit a patient and open the call; waits until the patient knocks'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "visit" -d 'Visits: times, path, words; nothing of what was said'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "audit" -d 'The audit log'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "backup" -d 'What is kept elsewhere: backups, and exports that anybody can read'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "demo" -d 'Try everything: a practice that goes away, a relay on this machine, a patient who answers'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "agent" -d 'The background process that holds the keys; started by itself when needed'
complete -c bedside -n "__fish_bedside_needs_command" -f -a "generate" -d 'What can be generated'
complete -c bedside -n "__fish_bedside_using_subcommand init" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand init" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand init" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand init" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand init" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand init" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand init" -l clinician -d 'The name patients see, such as "Dr. Okafor"' -r
complete -c bedside -n "__fish_bedside_using_subcommand init" -l phone -d 'The number patients call when the page cannot help' -r
complete -c bedside -n "__fish_bedside_using_subcommand init" -l emergency -d 'What the page says about emergencies' -r
complete -c bedside -n "__fish_bedside_using_subcommand init" -l relay -d 'The relay, https://HOST (http:// only on this machine)' -r
complete -c bedside -n "__fish_bedside_using_subcommand init" -l relay-token-file -d 'The file with the relay operator\'s token' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand init" -l addresses -d 'May the other person see this machine\'s network address in a call?' -r -f -a "direct\t'Straight from machine to machine: each side can learn the other\'s network address after admission'
relay\t'Always through a relay: neither learns the other\'s address'"
complete -c bedside -n "__fish_bedside_using_subcommand init" -l zone -d 'The practice\'s time zone [default: this machine\'s]' -r
complete -c bedside -n "__fish_bedside_using_subcommand init" -l work-factor -d 'scrypt work factor of the passphrase; less than 18 is for tests' -r
complete -c bedside -n "__fish_bedside_using_subcommand init" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand init" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand init" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand init" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l identity -d 'Use an age key file: a second factor, or all there is to it. A plugin it names is run from PATH' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l recovery-file -d 'Use the recovery key in the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -l recovery -d 'Use the recovery key'
complete -c bedside -n "__fish_bedside_using_subcommand unlock" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand lock" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand lock" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand lock" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand lock" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand lock" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand lock" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand lock" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand lock" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand lock" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand lock" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand lock" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and not __fish_seen_subcommand_from change" -f -a "change" -d 'Set a new one, or what stands beside it; asks for the present one first'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l identity -d 'Use an age key file: a second factor, or all there is to it. A plugin it names is run from PATH' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l recovery-file -d 'Use the recovery key in the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l new-passphrase-file -d 'Read the new passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l new-passphrase-fd -d 'Read the new passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l work-factor -d 'scrypt work factor of the passphrase; less than 18 is for tests' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l second-factor -d 'From now on a second factor is needed, too: the identity to this age recipient' -r
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l recovery -d 'Use the recovery key'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l keep -d 'Keep the passphrase, change only the second factor'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -l no-second-factor -d 'From now on the passphrase alone opens the vault'
complete -c bedside -n "__fish_bedside_using_subcommand passphrase; and __fish_seen_subcommand_from change" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -f -a "list" -d 'The ways into the vault; works while it is locked'
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -f -a "add" -d 'Add a way in: an age key, or what an age plugin holds, such as a hardware key'
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -f -a "remove" -d 'Remove a way in; two must stay, one of them for every day and one no passphrase'
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -f -a "rotate" -d 'Make a new vault key: everything but the journal is sealed anew, and every way in stays'
complete -c bedside -n "__fish_bedside_using_subcommand key; and not __fish_seen_subcommand_from list add remove rotate recovery" -f -a "recovery" -d 'Make a new recovery key, shown once; the old one opens nothing any more'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l recipient -d 'Whose identity is to open the vault' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l name -d 'What it is to be called [default: the plugin\'s name, or \'key\']' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l identity -d 'Use an age key file: a second factor, or all there is to it. A plugin it names is run from PATH' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l recovery-file -d 'Use the recovery key in the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -l recovery -d 'Use the recovery key'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l identity -d 'Use an age key file: a second factor, or all there is to it. A plugin it names is run from PATH' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l recovery-file -d 'Use the recovery key in the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -l recovery -d 'Use the recovery key'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l identity -d 'Use an age key file: a second factor, or all there is to it. A plugin it names is run from PATH' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l recovery-file -d 'Use the recovery key in the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l work-factor -d 'scrypt work factor of the passphrase; less than 18 is for tests' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -l recovery -d 'Use the recovery key'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l identity -d 'Use an age key file: a second factor, or all there is to it. A plugin it names is run from PATH' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l recovery-file -d 'Use the recovery key in the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -l recovery -d 'Use the recovery key'
complete -c bedside -n "__fish_bedside_using_subcommand key; and __fish_seen_subcommand_from recovery" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -f -a "create" -d 'Make a compartment, with a passphrase of its own; it is open afterwards'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -f -a "open" -d 'Open a compartment until it is closed or the vault locks'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -f -a "close" -d 'Close a compartment; the vault stays open'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -f -a "list" -d 'Which there are, and which are open'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and not __fish_seen_subcommand_from create open close list passphrase" -f -a "passphrase" -d 'Set a new passphrase; asks for the present one or the recovery key first'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l identity -d 'Use an age key file: a second factor, or all there is to it. A plugin it names is run from PATH' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l recovery-file -d 'Use the recovery key in the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l compartment-passphrase-file -d 'Read the compartment\'s passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l compartment-passphrase-fd -d 'Read the compartment\'s passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l work-factor -d 'scrypt work factor of the passphrase; less than 18 is for tests' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -l recovery -d 'Use the recovery key'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l compartment-passphrase-file -d 'Read the compartment\'s passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l compartment-passphrase-fd -d 'Read the compartment\'s passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l recovery-file -d 'Use the vault\'s recovery key, from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -l recovery -d 'Use the vault\'s recovery key instead of the compartment\'s passphrase'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from open" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from close" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l compartment-passphrase-file -d 'Read the compartment\'s passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l compartment-passphrase-fd -d 'Read the compartment\'s passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l recovery-file -d 'Use the vault\'s recovery key, from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l new-passphrase-file -d 'Read the new passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l new-passphrase-fd -d 'Read the new passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l work-factor -d 'scrypt work factor of the passphrase; less than 18 is for tests' -r
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -l recovery -d 'Use the vault\'s recovery key instead of the compartment\'s passphrase'
complete -c bedside -n "__fish_bedside_using_subcommand compartment; and __fish_seen_subcommand_from passphrase" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand status" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand status" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand status" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand status" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand status" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand status" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand status" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand status" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand status" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand status" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand status" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -f -a "show" -d 'Show the practice'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and not __fish_seen_subcommand_from show edit" -f -a "edit" -d 'Change what is given'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l clinician -d 'The name patients see' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l phone -d 'The number patients call; empty for none' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l emergency -d 'What the page says about emergencies; empty for nothing' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l relay -d 'The relay; empty for none' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l relay-token-file -d 'The file with the relay operator\'s token' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l addresses -d 'How calls may travel' -r -f -a "direct\t'Straight from machine to machine: each side can learn the other\'s network address after admission'
relay\t'Always through a relay: neither learns the other\'s address'"
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l zone -d 'Time zone, such as Europe/Berlin' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l lock-after -d 'Minutes without use after which the vault locks; 0 never' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l invite-hours -d 'Hours a link can be opened' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l retention-years -d 'Years for which a chart must be kept after the last contact (of a child: after coming of age); 0 for no rule' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l hours -d 'Working hours, such as "mon-fri 9:00-17:00"; once for each; empty for none' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l remind-me -d 'Minutes before an appointment at which the console rings and the desktop says so, without a name; or off' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l remind-patient -d 'How long before an appointment the patient gets a message that brings it for the calendar: 24h, or 24h,1h; or off' -r
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l part2 -d 'Whether this is a programme under 42 CFR part 2: its exports carry the notice of §2.32' -r -f -a "true\t''
false\t''"
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand practice; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -f -a "add" -d 'Add a patient'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -f -a "list" -d 'All patients, by name'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -f -a "show" -d 'One patient'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -f -a "edit" -d 'Change what is given; an empty text clears it'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -f -a "archive" -d 'Hide a patient from lists; the record stays'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -f -a "hold" -d 'Put a chart under a legal hold: it cannot be forgotten until that is ended'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -f -a "forget" -d 'Destroy a patient\'s key, and with it the whole chart, for ever and in every backup; asks for the passphrase'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and not __fish_seen_subcommand_from add list show edit archive hold forget invite" -f -a "invite" -d 'Make the link that connects this patient\'s device; an older link, and the device it connected, are cut off'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l name -d 'Name' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l phone -d 'Number to call when the line drops' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l emergency -d 'Emergency contact, "NAME, NUMBER"' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l born -d 'Date of birth, 1985-12-10' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l zone -d 'Time zone where the patient lives' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l alias -d 'Another name under which feeds know the patient; once for each; empty for none' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l relay-only -d 'Hide addresses from each other in calls' -r -f -a "true\t''
false\t''"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -l archived -d 'Also those archived'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l name -d 'Name' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l phone -d 'Number to call when the line drops' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l emergency -d 'Emergency contact, "NAME, NUMBER"' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l born -d 'Date of birth, 1985-12-10' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l zone -d 'Time zone where the patient lives' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l alias -d 'Another name under which feeds know the patient; once for each; empty for none' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l relay-only -d 'Hide addresses from each other in calls' -r -f -a "true\t''
false\t''"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -l undo -d 'Bring back'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from archive" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l reason -d 'Why, in a line' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -l release -d 'End the hold'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from hold" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l identity -d 'Use an age key file: a second factor, or all there is to it. A plugin it names is run from PATH' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l recovery-file -d 'Use the recovery key in the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -l recovery -d 'Use the recovery key'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l no-qr -d 'Only the link, without the QR code'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -l copy -d 'Copy the link to the clipboard through the terminal (OSC 52)'
complete -c bedside -n "__fish_bedside_using_subcommand patient; and __fish_seen_subcommand_from invite" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "import" -d 'Import a calendar, a table, FHIR or HL7 v2; the same file twice changes nothing'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "undo" -d 'Take back the last import, whole'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "unmatched" -d 'Names in feeds that fit no patient'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "export" -d 'Write the appointments of some days for another calendar'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "add" -d 'Add an appointment: with one argument a line that says it all, "ada tue 15:00 50m weekly x10"'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "list" -d 'Appointments of some days'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "free" -d 'The next free times within the working hours'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "copy" -d 'The same once more, for another time'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "show" -d 'One appointment'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "move" -d 'Give it another time'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "cancel" -d 'Cancel it'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "status" -d 'Say how it went: booked, arrived, fulfilled, noshow'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "match" -d 'Say whose they are, for imported ones whose name fitted nobody; all of that name and number, now and later'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l missing -d 'Appointments to come that the feed brought before and has not any more [default: cancel for a published calendar that has a name or several events, keep for anything else]' -r -f -a "cancel\t''
keep\t''"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l feed -d 'The feed\'s name, when several systems are imported [default: the calendar\'s own, or which program wrote it; of a folder, the only one that its files say]' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l dates -d 'How to read 11/12/2026 in a table that does not tell [default: what the configuration says of the feed]' -r -f -a "day-first\t''
month-first\t''"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l dry-run -d 'Only say what would change'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l partial -d 'Take what is sound and report what is broken; without it one broken entry takes nothing'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -l allow-removals -d 'Cancel even more than a tenth of the appointments to come'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from unmatched" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l format -d 'In which form' -r -f -a "ics\t'iCalendar, times in UTC'
fhir\t'A Bundle of FHIR R4 Appointments'"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l date -d 'First day: 2026-11-26, tue, 3 mar, in 2 weeks, yesterday [default: today]' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l days -d 'How many days' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l names -d 'How patients are named; whoever has the file can read it' -r -f -a "none\t'Nothing'
initials\t'"A. B."'
full\t'All of it'"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l all -d 'Everything, ten years back and ten years on'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -l force -d 'Write over a file that is there'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l minutes -d 'Length in minutes' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l repeat -d 'Make a series' -r -f -a "daily\t''
weekly\t''
monthly\t''"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l interval -d 'How many days, weeks or months from one to the next' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l count -d 'How many appointments in all' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -l in-person -d 'In the practice instead of by video'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l date -d 'First day: 2026-11-26, tue, 3 mar, in 2 weeks, yesterday [default: today]' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l days -d 'How many days' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l from -d 'From when on, "2026-11-26" or "2026-11-26 15:00" [default: now]' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l minutes -d 'Length in minutes' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l count -d 'How many' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from free" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from copy" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l minutes -d 'Length in minutes' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -l following -d 'All behind it in its series, too, by as much'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from move" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -l following -d 'All behind it in its series, too'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l nobody -d 'They are no patient\'s: a lunch, a meeting'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -l once -d 'Only this one and its series'
complete -c bedside -n "__fish_bedside_using_subcommand appointment; and __fish_seen_subcommand_from match" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "import" -d 'Import a calendar, a table, FHIR or HL7 v2; the same file twice changes nothing'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "undo" -d 'Take back the last import, whole'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "unmatched" -d 'Names in feeds that fit no patient'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "export" -d 'Write the appointments of some days for another calendar'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "add" -d 'Add an appointment: with one argument a line that says it all, "ada tue 15:00 50m weekly x10"'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "list" -d 'Appointments of some days'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "free" -d 'The next free times within the working hours'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "copy" -d 'The same once more, for another time'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "show" -d 'One appointment'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "move" -d 'Give it another time'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "cancel" -d 'Cancel it'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "status" -d 'Say how it went: booked, arrived, fulfilled, noshow'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and not __fish_seen_subcommand_from import undo unmatched export add list free copy show move cancel status match" -f -a "match" -d 'Say whose they are, for imported ones whose name fitted nobody; all of that name and number, now and later'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l missing -d 'Appointments to come that the feed brought before and has not any more [default: cancel for a published calendar that has a name or several events, keep for anything else]' -r -f -a "cancel\t''
keep\t''"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l feed -d 'The feed\'s name, when several systems are imported [default: the calendar\'s own, or which program wrote it; of a folder, the only one that its files say]' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l dates -d 'How to read 11/12/2026 in a table that does not tell [default: what the configuration says of the feed]' -r -f -a "day-first\t''
month-first\t''"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l dry-run -d 'Only say what would change'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l partial -d 'Take what is sound and report what is broken; without it one broken entry takes nothing'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -l allow-removals -d 'Cancel even more than a tenth of the appointments to come'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from unmatched" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l format -d 'In which form' -r -f -a "ics\t'iCalendar, times in UTC'
fhir\t'A Bundle of FHIR R4 Appointments'"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l date -d 'First day: 2026-11-26, tue, 3 mar, in 2 weeks, yesterday [default: today]' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l days -d 'How many days' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l names -d 'How patients are named; whoever has the file can read it' -r -f -a "none\t'Nothing'
initials\t'"A. B."'
full\t'All of it'"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l all -d 'Everything, ten years back and ten years on'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -l force -d 'Write over a file that is there'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l minutes -d 'Length in minutes' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l repeat -d 'Make a series' -r -f -a "daily\t''
weekly\t''
monthly\t''"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l interval -d 'How many days, weeks or months from one to the next' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l count -d 'How many appointments in all' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -l in-person -d 'In the practice instead of by video'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l date -d 'First day: 2026-11-26, tue, 3 mar, in 2 weeks, yesterday [default: today]' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l days -d 'How many days' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l from -d 'From when on, "2026-11-26" or "2026-11-26 15:00" [default: now]' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l minutes -d 'Length in minutes' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l count -d 'How many' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from free" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from copy" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l minutes -d 'Length in minutes' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -l following -d 'All behind it in its series, too, by as much'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from move" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -l following -d 'All behind it in its series, too'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l nobody -d 'They are no patient\'s: a lunch, a meeting'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -l once -d 'Only this one and its series'
complete -c bedside -n "__fish_bedside_using_subcommand appt; and __fish_seen_subcommand_from match" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l date -d 'First day: 2026-11-26, tue, 3 mar, in 2 weeks, yesterday [default: today]' -r
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l days -d 'How many days' -r
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand agenda" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -f -a "add" -d 'Keep a calendar\'s address (CalDAV), with a user and a password for it'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -f -a "list" -d 'The calendars that are kept'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -f -a "remove" -d 'Forget a calendar; its appointments stay'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -f -a "sync" -d 'Fetch what is new in a calendar, and with --push put our own appointments there'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and not __fish_seen_subcommand_from add list remove sync listen" -f -a "listen" -d 'Take HL7 v2 messages about appointments (SIU) over MLLP, until it is ended'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l url -d 'The calendar\'s address, https://HOST/PATH/; http:// only on this machine' -r -f
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l user -d 'The user\'s name there' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l password-file -d 'Read the user\'s password from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l url -d 'A calendar\'s address, instead of one that is kept; works while the vault is locked' -r -f
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l user -d 'The user\'s name there' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l password-file -d 'Read the user\'s password from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l push -d 'Put the appointments that were made here there, too, without names'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l names -d 'With the patients\' names: whoever can read that calendar reads them'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l overwrite -d 'Where an appointment of ours was changed there, ours counts'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l dry-run -d 'Only say what would change'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l partial -d 'Take what is sound and report what is broken; without it one broken entry takes nothing'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -l allow-removals -d 'Cancel even more than a tenth of the appointments to come'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l address -d 'Where to listen' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l feed -d 'The feed\'s name, when several systems are imported [default: the sender\'s own]' -r
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand feed; and __fish_seen_subcommand_from listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -f -a "new" -d 'Begin a note; without --text-file it opens $EDITOR on the template'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -f -a "list" -d 'Notes, newest first'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -f -a "show" -d 'One note'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -f -a "edit" -d 'Replace a draft\'s text; without --text-file it opens $EDITOR'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -f -a "sign" -d 'Sign a draft: from then on it stands'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -f -a "addendum" -d 'Add to a signed note'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -f -a "search" -d 'Notes in which every word occurs'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -f -a "export" -d 'One patient\'s notes of an open compartment, as Markdown; asks for its passphrase again'
complete -c bedside -n "__fish_bedside_using_subcommand note; and not __fish_seen_subcommand_from new list show edit sign addendum search export templates" -f -a "templates" -d 'The forms a note can have'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l kind -d 'Its form: soap, dap, birp, intake, plain [default: soap; in a compartment plain]' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l compartment -d 'Apart from the main record, in this open compartment: psychotherapy, sud' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l visit -d 'The visit it is about [default: today\'s, if it has no note yet]' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l text-file -d 'Read the text from a file, or - for standard input' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l compartment -d 'Those of this open compartment, which no other list shows: psychotherapy, sud' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -l unsigned -d 'Only unsigned ones'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l text-file -d 'Read the text from a file, or - for standard input' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from sign" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l text-file -d 'Read the text from a file, or - for standard input' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from addendum" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l patient -d 'Only of this patient' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l compartment -d 'Among those of this open compartment, which no other search finds: psychotherapy, sud' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from search" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l compartment -d 'Of this open compartment: psychotherapy, sud' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l compartment-passphrase-file -d 'Read the compartment\'s passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l compartment-passphrase-fd -d 'Read the compartment\'s passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l recovery-file -d 'Use the vault\'s recovery key, from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l force -d 'Write over the file'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -l recovery -d 'Use the vault\'s recovery key instead of the compartment\'s passphrase'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand note; and __fish_seen_subcommand_from templates" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -f -a "add" -d 'Write down what is to be done; without --text-file it opens $EDITOR, or reads standard input'
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -f -a "list" -d 'What is to be done, by day'
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -f -a "edit" -d 'Change the day, or the text; without --due and --text-file it opens $EDITOR'
complete -c bedside -n "__fish_bedside_using_subcommand task; and not __fish_seen_subcommand_from add list edit done" -f -a "done" -d 'It is done'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l patient -d 'About whom' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l due -d 'The day by which: 2026-11-26, today, tomorrow' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l text-file -d 'Read the text from a file, or - for standard input' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l patient -d 'Only about this patient' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -l all -d 'Also what is done'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l due -d 'The day by which, or none' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l text-file -d 'Read the text from a file, or - for standard input' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -l undo -d 'It is not, after all'
complete -c bedside -n "__fish_bedside_using_subcommand task; and __fish_seen_subcommand_from done" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -f -a "send" -d 'Send a message; without --text-file it is read from standard input'
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -f -a "list" -d 'The newest messages of everybody'
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -f -a "show" -d 'The thread with one patient; marks it read'
complete -c bedside -n "__fish_bedside_using_subcommand message; and not __fish_seen_subcommand_from send list show watch" -f -a "watch" -d 'Print messages as they arrive, until Ctrl-C'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l text-file -d 'Read the text from a file, or - for standard input' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l limit -d 'How many' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l limit -d 'How many' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -l keep-unread -d 'Leave unread what is unread'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand message; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -f -a "list" -d 'Who waits, and since when'
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -f -a "tell" -d 'A word to who waits: "about 5 minutes"'
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -f -a "admit" -d 'Admit a patient: the same as \'bedside call\''
complete -c bedside -n "__fish_bedside_using_subcommand room; and not __fish_seen_subcommand_from list tell admit decline" -f -a "decline" -d 'Not now'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l minutes -d 'Minutes' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l text-file -d 'Read the text from a file, or - for standard input' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from tell" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from admit" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l text-file -d 'Read the text from a file, or - for standard input' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand room; and __fish_seen_subcommand_from decline" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -l no-wait -d 'Refuse instead of waiting when the patient is not in the waiting room'
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand call; and not __fish_seen_subcommand_from join" -a "join" -d 'Be the patient of a link: pair, answer messages, knock, and be called'
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l link-file -d 'The file with the link, or - for standard input; a link on the command line could be seen by others' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l knock -d 'Knock at once'
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -l answer -d 'Answer every message'
complete -c bedside -n "__fish_bedside_using_subcommand call; and __fish_seen_subcommand_from join" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -f -a "list" -d 'Visits, newest first'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -f -a "show" -d 'One visit; without an id the newest'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -f -a "compare" -d 'Say that the words of the running visit are the same, or not'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -f -a "end" -d 'End the running visit'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -f -a "microphone" -d 'The microphone of the running visit'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and not __fish_seen_subcommand_from list show compare end microphone camera" -f -a "camera" -d 'The camera of the running visit'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l same -d 'They are the same'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -l different -d 'They differ: ends the visit'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from compare" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from end" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from microphone" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand visit; and __fish_seen_subcommand_from camera" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -f -a "list" -d 'Events, newest first: when, who, what, about whom, which record'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -f -a "verify" -d 'Read the whole record and prove its chain'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and not __fish_seen_subcommand_from list verify export" -f -a "export" -d 'All events, oldest first, for another program; that it was done is an event, too'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l patient -d 'Only about this patient' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l since -d 'Only from this day or time on' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l until -d 'Only up to this day, itself included, or time' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l kind -d 'Only of this kind, such as note_read; may be given several times' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l limit -d 'How many' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l patient -d 'Only about this patient' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l since -d 'Only from this day or time on' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l until -d 'Only up to this day, itself included, or time' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l kind -d 'Only of this kind, such as note_read; may be given several times' -r
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l format -d 'In which form' -r -f -a "ndjson\t'One JSON object a line, with the fields of \'audit list --json\''
fhir\t'One FHIR R4 AuditEvent a line; ids, no names'"
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -l force -d 'Write over a file that is there'
complete -c bedside -n "__fish_bedside_using_subcommand audit; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -f -a "create" -d 'Add to the backup what is new; without folders, to those of the last time'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -f -a "verify" -d 'Restore the backup beside the vault and compare every record; nothing is left behind'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -f -a "restore" -d 'Make a vault from a backup, in a new folder, with a new passphrase'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and not __fish_seen_subcommand_from create verify restore export" -f -a "export" -d 'Write everything, or one patient\'s records, into a file that the program \'age\' opens without bedside'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l keyring -d 'The folder with the keys\' backup, best on another disk' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l keyring -d 'The folder with the keys\' backup, best on another disk' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l keyring -d 'The folder with the keys\' backup' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l to -d 'The practice\'s new folder [default: as --vault says]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l recovery-file -d 'Read the recovery key from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l new-passphrase-file -d 'Read the new passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l new-passphrase-fd -d 'Read the new passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l work-factor -d 'scrypt work factor of the passphrase; less than 18 is for tests' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -l partial -d 'Restore what can be read when keys are missing, instead of nothing'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l identity -d 'Use an age key file: a second factor, or all there is to it. A plugin it names is run from PATH' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l recovery-file -d 'Use the recovery key in the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l recipient -d 'Who can open it: an age recipient, age1…; may be given several times' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l export-passphrase-file -d 'Read the passphrase that opens it from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l patient -d 'Only this patient\'s records' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l delete-after -d 'Days until it should be deleted, which it says inside' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l work-factor -d 'scrypt work factor of the file\'s passphrase; less than 18 is for tests' -r
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l recovery -d 'Use the recovery key'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l passphrase -d 'Ask for a passphrase that opens it'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -l force -d 'Write over a file that is there'
complete -c bedside -n "__fish_bedside_using_subcommand backup; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand demo" -l no-console -d 'Leave the console closed; Ctrl-C ends the demo'
complete -c bedside -n "__fish_bedside_using_subcommand demo" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l resume -d 'Descriptors handed over by an agent that locked itself' -r
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l stop -d 'End the agent that runs'
complete -c bedside -n "__fish_bedside_using_subcommand agent" -l background -d 'Leave the terminal\'s session'
complete -c bedside -n "__fish_bedside_using_subcommand agent" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -f -a "man" -d 'Man pages'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and not __fish_seen_subcommand_from man completions" -f -a "completions" -d 'Completions for bash, zsh and fish'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from man" -s h -l help -d 'Print help'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -l vault -d 'The practice\'s folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]' -r -f -a "(__fish_complete_directories)"
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -l passphrase-file -d 'Read the passphrase from the first line of a file' -r -F
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -l passphrase-fd -d 'Read the passphrase from an open file descriptor' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -l camera -d 'Camera for calls: a name, \'test-card\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -l microphone -d 'Microphone for calls: a name, \'tone\', \'file:PATH\' or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -l speaker -d 'Speaker for calls: a name or \'none\'' -r
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -l json -d 'JSON instead of tables: one object, or one a line for lists'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -l original-sound -d 'Send the voice as it is: no echo cancellation, noise suppression or gain'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -l loopback -d 'Offer loopback addresses in calls, for two ends on one machine'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -l headless -d 'Call without a window'
complete -c bedside -n "__fish_bedside_using_subcommand generate; and __fish_seen_subcommand_from completions" -s h -l help -d 'Print help'
