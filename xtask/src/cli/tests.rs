//! What the command line accepts.

use clap::CommandFactory;

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
