# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_bedside_relay_global_optspecs
    string join \n listen= cert= key= token-file= behind-proxy log= queues-per-token= messages-per-queue= bytes-per-queue= bytes-total= envelope-bytes= time-to-live-days= unused-queue-days= claims-per-link= requests-per-second= requests-at-once= connections-per-address= connections= silence-s= h/help V/version
end

function __fish_bedside_relay_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_bedside_relay_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_bedside_relay_using_subcommand
    set -l cmd (__fish_bedside_relay_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l listen -d 'Where to listen; port 0 takes a free one. The address is printed' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l cert -d 'The certificate chain, PEM, leaf first. Without it only loopback is listened on' -r -F
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l key -d 'The certificate\'s key, PEM' -r -F
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l token-file -d 'The tokens that may make queues, one a line, plain or as `sha256:…`' -r -F
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l log -d 'How much goes to standard error. No level says who: only counts, durations and names of refusals' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l queues-per-token -d 'Queues one operator token may have; a patient needs two' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l messages-per-queue -d 'Envelopes that may wait in one queue' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l bytes-per-queue -d 'Bytes that may wait in one queue' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l bytes-total -d 'Bytes that may wait in all queues together' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l envelope-bytes -d 'Bytes of one envelope; 262144 at most' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l time-to-live-days -d 'Days an envelope may wait; then it is forgotten' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l unused-queue-days -d 'Days after which a queue that nobody used is forgotten' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l claims-per-link -d 'How often one link may be opened until the practice kills it' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l requests-per-second -d 'Requests per second from one address (IPv6: one /64), in the long run' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l requests-at-once -d 'Requests from one address that may come at once' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l connections-per-address -d 'Connections from one address at a time' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l connections -d 'Connections at a time' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l silence-s -d 'Seconds of silence after which a connection is dead; a WebSocket is pinged before' -r
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -l behind-proxy -d 'Believe the last X-Forwarded-For of a proxy on this machine. The proxy must keep the Host header'
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -s h -l help -d 'Print help'
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -s V -l version -d 'Print version'
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -f -a "serve" -d 'Run the relay (also without any command)'
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -f -a "token" -d 'Make a token that may make mailboxes; it is shown once'
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -f -a "check" -d 'Say whether a relay is reachable and right'
complete -c bedside-relay -n "__fish_bedside_relay_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l listen -d 'Where to listen; port 0 takes a free one. The address is printed' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l cert -d 'The certificate chain, PEM, leaf first. Without it only loopback is listened on' -r -F
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l key -d 'The certificate\'s key, PEM' -r -F
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l token-file -d 'The tokens that may make queues, one a line, plain or as `sha256:…`' -r -F
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l log -d 'How much goes to standard error. No level says who: only counts, durations and names of refusals' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l queues-per-token -d 'Queues one operator token may have; a patient needs two' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l messages-per-queue -d 'Envelopes that may wait in one queue' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l bytes-per-queue -d 'Bytes that may wait in one queue' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l bytes-total -d 'Bytes that may wait in all queues together' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l envelope-bytes -d 'Bytes of one envelope; 262144 at most' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l time-to-live-days -d 'Days an envelope may wait; then it is forgotten' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l unused-queue-days -d 'Days after which a queue that nobody used is forgotten' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l claims-per-link -d 'How often one link may be opened until the practice kills it' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l requests-per-second -d 'Requests per second from one address (IPv6: one /64), in the long run' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l requests-at-once -d 'Requests from one address that may come at once' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l connections-per-address -d 'Connections from one address at a time' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l connections -d 'Connections at a time' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l silence-s -d 'Seconds of silence after which a connection is dead; a WebSocket is pinged before' -r
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -l behind-proxy -d 'Believe the last X-Forwarded-For of a proxy on this machine. The proxy must keep the Host header'
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand serve" -s h -l help -d 'Print help'
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand token" -s h -l help -d 'Print help'
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand check" -l token-file -d 'Also sends an envelope through a queue of its own, with the first plain token of this file' -r -F
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand check" -l ca-file -d 'Trust the certificates in this PEM file, too' -r -F
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand help; and not __fish_seen_subcommand_from serve token check help" -f -a "serve" -d 'Run the relay (also without any command)'
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand help; and not __fish_seen_subcommand_from serve token check help" -f -a "token" -d 'Make a token that may make mailboxes; it is shown once'
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand help; and not __fish_seen_subcommand_from serve token check help" -f -a "check" -d 'Say whether a relay is reachable and right'
complete -c bedside-relay -n "__fish_bedside_relay_using_subcommand help; and not __fish_seen_subcommand_from serve token check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
