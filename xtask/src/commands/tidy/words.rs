//! The words of a text: none that discourages, and one term for one thing.

use std::path::Path;

use super::finding::Findings;
use super::outline::Outline;

/// Words that blame a reader who is stuck.
const WEASELS: [&str; 8] =
    ["simply", "just", "obviously", "clearly", "basically", "trivially", "of course", "easily"];

/// One term for one thing: the wrong word, and the right one.
const TERMS: [(&str, &str); 7] = [
    ("job", "task"),
    ("jobs", "tasks"),
    ("critical region", "critical section"),
    ("reading end", "read end"),
    ("writing end", "write end"),
    ("exit value", "exit status"),
    ("mutual exclusion lock", "lock"),
];

/// Finds words that the course does not use.
pub(crate) fn check(findings: &mut Findings<'_>, file: &Path, outline: &Outline<'_>) {
    for (number, line) in &outline.prose {
        let line = &line.to_lowercase();
        for weasel in WEASELS.iter().filter(|weasel| says(line, weasel)) {
            let what = format_args!("`{weasel}` does not help a reader who is stuck: leave it out");
            findings.add(file, *number, what);
        }
        for (wrong, right) in TERMS.iter().filter(|(wrong, _)| says(line, wrong)) {
            let what = format_args!("`{wrong}` is called `{right}` in this course: write that");
            findings.add(file, *number, what);
        }
    }
}

/// Whether `line` contains `phrase` as whole words.
fn says(line: &str, phrase: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    line.match_indices(phrase).any(|(at, _)| {
        !line[..at].ends_with(is_word) && !line[at + phrase.len()..].starts_with(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole() {
        assert!(says("it is just so", "just"));
        assert!(
            !says("adjust", "just") && !says("the jobserver", "job") && !says("--jobs", "jobs")
        );
    }
}
