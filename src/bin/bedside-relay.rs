//! The blind mailbox and the patient's page.

fn main() -> std::process::ExitCode {
    bedside::relay::run(std::env::args_os())
}
