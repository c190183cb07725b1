//! Reads any text as a transcript, or says where it is wrong.

#![no_main]

use libfuzzer_sys::fuzz_target;
use transcript::Transcript;

fuzz_target!(|text: &str| {
    match Transcript::parse("fuzz.txt", text) {
        Err(error) => {
            assert!((1..=10).contains(&error.mistakes.len()), "{error}");
            for mistake in &error.mistakes {
                let line = text.lines().nth(mistake.line - 1).unwrap_or_default();
                assert!(mistake.column <= line.chars().count() + 1, "{mistake}");
                assert!(!mistake.message.is_empty() && !mistake.help.is_empty());
                assert_eq!(mistake.to_string().lines().count(), 4, "{mistake}");
            }
        }
        Ok(transcript) if transcript.events().len() <= 8 => {
            let edges = transcript.covering_edges();
            assert!(edges.iter().all(|edge| edge.before < edge.after));
            transcript.lint();
            transcript.outline(80);
            // Blessing with a legal output gives the same transcript.
            let lines = transcript.neutral();
            let blessed = transcript.bless(&lines.join("\n"));
            Transcript::parse("blessed.txt", &blessed.text).expect("a blessed transcript");
        }
        Ok(_) => {}
    }
});
