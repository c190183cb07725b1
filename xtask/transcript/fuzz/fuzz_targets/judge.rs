//! Transcripts and outputs, put together from fragments that fit: judges, explains, counts, samples and blesses them.

#![no_main]

use std::fmt::Write;

use libfuzzer_sys::fuzz_target;
use transcript::{Sightings, Timing, Transcript, Verdict};

/// `@` is a lane, `#` a new name, `?` a known name.
const LINES: [&str; 28] = [
    "@ | x",
    "@ | y",
    "@ | one {#:pid}",
    "@ | one {?}",
    "@ | two {#:tid}, {?}",
    "@ | {#:1..=2} of 2",
    "@ | {?} of 2",
    "@ | {#:secs >= 1.0} s",
    "@ | {#:int}",
    "@ | {#:word},{#:word}",
    "@ | {:word},{#:text}",
    "@ | one {:pid}",
    "@ | {#:int >= -2}",
    "@ ?| x",
    "@ *| z",
    "timing @ | one {?}",
    "@ -> @",
    "@ -> *",
    "---",
    "for i in 1..=3\n  @{i} | up {i}\n  @{i} | one {#:pid}",
    "always \"x\" - \"y\" <= 1",
    "finally \"one {?}\" <= 2",
    "finally {?} <= {?}",
    "finally 2 * \"x\" > \"y\"",
    "finally {?} - 2 * {?} == -3",
    "seen {?} < {?} in 2 runs",
    "seen \"one {?}\" == 1 in 9 runs",
    "for i in 1..=2\n  c{i} | up {i}\n  c{i} -> c{i+1}",
];

const OUTPUT: [&str; 12] =
    ["x", "y", "z", "one 5", "one 6", "two 5, 6", "1 of 2", "2 of 2", "1.5 s", "3", "a,b,c", "up 1"];

fuzz_target!(|bytes: &[u8]| {
    let (head, tail) = bytes.split_at(bytes.len() / 2);
    let text = text(head);
    let Ok(transcript) = Transcript::parse("fuzz.txt", &text) else { return };
    if transcript.events().len() > 8 {
        return;
    }
    let lines: Vec<&str> = tail.iter().take(9).map(|&byte| OUTPUT[byte as usize % OUTPUT.len()]).collect();
    let output: String = lines.iter().map(|line| format!("{line}\n")).collect();
    for timing in [Timing::Judged, Timing::Waived] {
        match transcript.judge(&output, timing) {
            Verdict::Accepted(accepted) => {
                assert_eq!(accepted.events.len(), lines.len());
                assert_eq!(accepted.shape.len(), lines.len());
                let rules = transcript.seen_rules();
                assert_eq!(accepted.seen().len(), rules.len());
                let mut sightings = Sightings::default();
                sightings.add(&accepted);
                sightings.add(&accepted);
                let unseen = |index: usize| {
                    sightings.satisfied(index) == 0 && rules[index].runs() == 2
                };
                let report = transcript.unseen(&sightings);
                assert_eq!(report.is_some(), (0..rules.len()).any(unseen), "{text}\n{output}");
            }
            Verdict::Rejected(rejected) => {
                assert_eq!(rejected.lanes.len(), lines.len());
                assert!(!rejected.to_string().is_empty());
            }
            Verdict::Undecided { .. } => {}
        }
    }
    transcript.neutral_output(&output);
    let blessed = transcript.bless(&output);
    let after = Transcript::parse("blessed.txt", &blessed.text).expect("a blessed transcript");
    let fits = matches!(after.judge(&output, Timing::Judged), Verdict::Accepted(_));
    assert_eq!(fits, blessed.refused.is_empty(), "{text}\n{output}\n{blessed:?}");
    if let Some(legal) = transcript.sample(bytes.len() as u64) {
        let output: String = legal.iter().map(|line| format!("{line}\n")).collect();
        let verdict = transcript.judge(&output, Timing::Judged);
        assert!(matches!(verdict, Verdict::Accepted(_)), "{text}\n{}\n{verdict:?}", legal.join("\n"));
    }
});

/// Each byte is one line. Names are numbered, and a known name is one of the last two.
fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut names = 0;
    for byte in bytes.iter().take(10) {
        for c in LINES[*byte as usize % LINES.len()].chars() {
            let written = match c {
                '@' => write!(text, "{}", ["a", "b", "c"][*byte as usize / LINES.len() % 3]),
                '#' => {
                    names += 1;
                    write!(text, "v{names}")
                }
                '?' if text.ends_with('{') => write!(text, "v{}", names.max(1) - *byte as usize / 60 % 2),
                c => write!(text, "{c}"),
            };
            written.expect("a string takes all");
        }
        text.push('\n');
    }
    text
}
