//! Each mistake is an error that says where it is, what is wrong and what to do. Nothing is ignored.

mod any_text;
mod meaning;
mod places;
mod several;
mod syntax;

use transcript::Transcript;

/// Line, column and message of the error.
#[track_caller]
fn refuse(text: &str, line: usize, column: usize, message: &str) {
    match Transcript::parse("t.txt", text) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(error) => {
            let first = &error.mistakes[0];
            let found = (first.line, first.column, first.message.as_str());
            assert_eq!(found, (line, column, message), "\n{error}");
            assert!(!first.help.is_empty());
        }
    }
}
