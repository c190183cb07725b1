//! What the command line accepts.

use clap::CommandFactory;
use transcript::{Count, Timing, Transcript, Verdict};

use super::*;

#[test]
fn every_flag_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn numbers_beyond_reason_are_refused() {
    for (words, refused) in [
        (["check", "--speed", "1000"], false),
        (["check", "--speed", "1001"], true),
        (["check", "--speed", "4294967295"], true),
        (["check", "--runs", "10001"], true),
        (["check", "--jobs", "257"], true),
        (["bless", "--record", "10001"], true),
    ] {
        let parsed = Cli::try_parse_from([&["xtask"], words.as_slice()].concat());
        assert_eq!(parsed.is_err(), refused, "{words:?}");
    }
}

#[test]
fn the_transcript_in_the_help_is_one() {
    let transcript = Transcript::parse("help.txt", help::EXAMPLE).expect("a transcript");
    assert_eq!(transcript.count(), Count::Exactly(2));
    let lines = ["left is done", "right is done", "both are done"];
    for (order, is_legal) in [([0, 1, 2], true), ([1, 0, 2], true), ([0, 2, 1], false)] {
        let output: String = order.map(|line| format!("{}\n", lines[line])).concat();
        let verdict = transcript.judge(&output, Timing::Judged);
        assert_eq!(matches!(verdict, Verdict::Accepted(_)), is_legal, "{output}");
    }
}

#[test]
fn the_help_names_the_file_that_describes_the_format() {
    let text = std::fs::read_to_string(help::FORMAT).expect("the file is there");
    assert!(text.contains("\n## The format\n"));
    for shown in [help::attack(), help::transcripts()] {
        assert!(shown.contains(help::FORMAT));
    }
}
