//! What the programs of a benchmark have in common.
//!
//! Each program measures one contender of one operation and prints one figure, on the last line that it prints.
//! `cargo xtask bench` starts them, by turns, and judges.

pub mod measure;
pub mod partner;
#[expect(unsafe_code, reason = "the limits: what is left when nothing is made safe")]
pub mod raw;
pub mod task;

use std::env;
use std::process::ExitCode;

/// Measures what the command line names, and prints the figure.
pub fn run(figure: fn(operation: &str, contender: &str) -> Option<f64>) -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [operation, contender] = arguments.as_slice() else {
        eprintln!("usage: OPERATION CONTENDER, as `cargo xtask bench --list` names them");
        return ExitCode::from(2);
    };
    let Some(figure) = figure(operation, contender) else {
        eprintln!("`{contender}` is no contender of `{operation}` in this program");
        return ExitCode::from(2);
    };
    println!("{figure}");
    ExitCode::SUCCESS
}
