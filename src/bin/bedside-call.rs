//! The call window of one visit.

fn main() -> std::process::ExitCode {
    bedside::call::command::run()
}
