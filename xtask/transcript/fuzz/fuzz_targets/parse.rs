//! Any text: read it, or say where it goes wrong.

#![no_main]

use libfuzzer_sys::fuzz_target;
use transcript::Transcript;

fuzz_target!(|text: &str| {
    match Transcript::parse("fuzz.txt", text) {
        Err(error) => {
            let line = text.lines().nth(error.line - 1).unwrap_or_default();
            assert!(error.column <= line.chars().count() + 1, "{error}");
            assert!(!error.message.is_empty() && !error.help.is_empty());
            assert_eq!(error.to_string().lines().count(), 4, "{error}");
        }
        Ok(transcript) if transcript.events().len() <= 8 => {
            let edges = transcript.covering_edges();
            assert!(edges.iter().all(|edge| edge.before < edge.after));
            transcript.lint();
            transcript.picture();
            // What bless makes of a legal output is a transcript, and the same one.
            let lines = transcript.neutral();
            let blessed = transcript.bless(&lines.join("\n"));
            Transcript::parse("blessed.txt", &blessed.text).expect("a blessed transcript");
        }
        Ok(_) => {}
    }
});
