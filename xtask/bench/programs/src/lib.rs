//! The common parts of the benchmark's programs.
//!
//! Each program measures one contender of one operation, and prints one figure on its last line. `cargo xtask bench`
//! starts the programs by turns, and judges the figures.

pub mod measure;
pub mod partner;
#[expect(unsafe_code, reason = "the limits: what is left when nothing is made safe")]
pub mod raw;
pub mod task;

use std::env;
use std::process::ExitCode;

/// Measures the contender that the command line names, and prints the figure.
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
