//! No verdict may take long, whether it accepts or rejects. Work is counted in steps, which are the same on each
//! machine: 10,000,000 take about a second without optimisation.

use std::cell::Cell;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use transcript::{Budget, Count, Exhausted, Timing, Transcript, Verdict};

fn parse(text: &str) -> Transcript {
    Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"))
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The steps that a verdict takes.
#[track_caller]
fn steps(transcript: &Transcript, output: &str, accepted: bool) -> u64 {
    let budget = Budget::default();
    let verdict = transcript.judge_within(output, Timing::Judged, &budget);
    assert_eq!(matches!(verdict, Verdict::Accepted(_)), accepted, "{verdict:?}");
    assert!(!matches!(verdict, Verdict::Undecided(_)));
    budget.spent()
}

/// Five lanes of forty equal lines each. The lanes end differently, so that no two lanes are the same.
fn alike() -> Transcript {
    let mut text = String::new();
    for lane in 1..=5 {
        text +=
            &format!("for i in 1..=39\n  lane{lane} | working\nlane{lane} | lane {lane} ends\n");
    }
    parse(&text)
}

#[test]
fn two_hundred_lines_that_read_alike() {
    let transcript = alike();
    let ends = |order: [usize; 5]| order.map(|lane| format!("lane {lane} ends\n")).concat();
    let legal = "working\n".repeat(195) + &ends([3, 1, 5, 2, 4]);
    let spread = (0..5)
        .map(|lane| "working\n".repeat(39) + &format!("lane {} ends\n", 5 - lane))
        .collect::<String>();
    // The third lane ends when only 116 of the 117 lines that three lanes need have been printed.
    let early =
        "working\n".repeat(39) + "lane 1 ends\n" + &"working\n".repeat(39) + "lane 2 ends\n";
    let early = early
        + &"working\n".repeat(38)
        + "lane 3 ends\n"
        + &"working\n".repeat(79)
        + "lane 4 ends\nlane 5 ends\n";
    let short = "working\n".repeat(194) + &ends([1, 2, 3, 4, 5]);
    let wrong = "working\n".repeat(195) + &ends([1, 2, 3, 4, 4]);
    for (output, accepted) in
        [(&legal, true), (&spread, true), (&early, false), (&short, false), (&wrong, false)]
    {
        let steps = steps(&transcript, output, accepted);
        assert!(steps < 1_000_000, "{steps}:\n{output}");
    }
}

#[test]
fn two_hundred_lines_of_identical_lanes() {
    let text = "for lane in 1..=5\n  for i in 1..=40\n    lane{lane} | working\n---\nmain | done\n";
    let transcript = parse(text);
    let work = "working\n".repeat(200);
    for (output, accepted) in
        [(work.clone() + "done\n", true), ("done\n".to_owned() + &work, false)]
    {
        let steps = steps(&transcript, &output, accepted);
        assert!(steps < 1_000_000, "{steps}");
    }
}

#[test]
fn two_hundred_different_lines() {
    let text =
        "for lane in 1..=5\n  for i in 1..=40\n    lane{lane} | lane {lane} line {i} of {n:int}\n";
    let transcript = parse(text);
    let run = transcript.sample(1).expect("a legal output");
    let mut swapped = run.clone();
    let line = (1..run.len())
        .find(|&line| run[line][..6] == run[line - 1][..6])
        .expect("two lines of a lane in a row");
    swapped.swap(line, line - 1);
    for (lines, accepted) in [(run, true), (swapped, false)] {
        let steps = steps(&transcript, &joined(&lines), accepted);
        assert!(steps < 1_000_000, "{steps}");
    }
}

#[test]
fn many_lanes_with_one_fault() {
    let transcript = parse("for i in 1..=160\n  l{i} | {p:pid} starts\n  l{i} | {p} ends\n");
    let run = transcript.sample(1).expect("a legal output");
    let mut swapped = run.clone();
    swapped.swap(0, 319);
    let mut stray = run.clone();
    stray[319] = "boo".to_owned();
    for (lines, accepted) in [(run, true), (swapped, false), (stray, false)] {
        let steps = steps(&transcript, &joined(&lines), accepted);
        assert!(steps < 5_000_000, "{steps}");
    }
}

#[test]
fn the_examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples");
    for entry in std::fs::read_dir(folder).expect("the examples' folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("an example can be read");
        let transcript = parse(&text);
        let run = transcript.sample(1).expect("a legal output");
        let steps = steps(&transcript, &joined(&run), true);
        assert!(steps < 20_000, "{}: {steps}", path.display());
    }
}

#[test]
fn much_output_of_a_repeated_line() {
    let transcript = parse("a *| tick {n:int}\na | done\nalways \"tick {n}\" <= 1\n");
    let ticks: String = (0..3_000).map(|n| format!("tick {n}\n")).collect();
    for (output, accepted) in [(ticks.clone() + "done\n", true), (ticks, false)] {
        let steps = steps(&transcript, &output, accepted);
        assert!(steps < 1_000_000, "{steps}");
    }
}

#[test]
fn a_barrier_in_each_of_many_turns() {
    let transcript = parse("for i in 1..=400\n  w{i} | {i}\n  ---\nw1 | end\n");
    assert_eq!(transcript.neutral().len(), 401);
}

#[test]
fn the_longest_run_there_can_be() {
    let transcript = parse("for i in 1..=2000\n  a | {i}\n");
    let run = transcript.neutral();
    assert_eq!(run.len(), 2_000);
    let steps = steps(&transcript, &joined(&run), true);
    assert!(steps < 1_000_000, "{steps}");
}

/// Each worker is one of four, and two of the six tasks wait until another task ends.
#[test]
fn tasks_for_fewer_workers_are_counted() {
    let text = "for i in 1..=6
  task{i} | worker {w:1..=4}: starts task {i} at {start:secs} s
  task{i} | worker {w}: ends task {i} at {end:secs} s
always \"worker {w}: starts\" - \"worker {w}: ends\" <= 1
";
    let budget = Budget::default();
    let count = parse(text).count_within(&budget);
    assert!(matches!(count, Count::Exactly(_)), "{count}");
    assert!(budget.spent() < 10_000_000, "{budget:?}");
}

#[test]
fn what_is_too_much_to_count_ends_with_the_budget() {
    for (lanes, lines) in [(5, 40), (10, 50)] {
        let text = format!("for l in 1..={lanes}\n  for i in 1..={lines}\n    l{{l}} | working\n");
        let budget = Budget::default();
        assert_eq!(parse(&text).count_within(&budget), Count::Uncounted);
        assert!(budget.spent() < 13_000_000, "{budget:?}");
    }
}

#[test]
fn a_small_budget_leaves_a_verdict_undecided() {
    let transcript = alike();
    let output = "working\n".repeat(195);
    let verdict = transcript.judge_within(&output, Timing::Judged, &Budget::of(0));
    assert!(matches!(verdict, Verdict::Undecided(Exhausted::Steps(0))), "{verdict:?}");
}

#[test]
fn a_caller_can_end_a_count_and_a_verdict() {
    let transcript = parse("for l in 1..=10\n  for i in 1..=50\n    l{l} | {l} works\n");
    let asked = Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > 3
    };
    let budget = Budget::default().until(&stop);
    assert_eq!(transcript.count_within(&budget), Count::Uncounted);
    assert!(budget.spent() < 200_000, "{budget:?}");
    let output = joined(&transcript.sample(1).expect("a legal output"));
    let verdict = transcript.judge_within(&output, Timing::Judged, &budget);
    assert!(matches!(verdict, Verdict::Undecided(Exhausted::Stopped)), "{verdict:?}");
}

/// Two thousand lines in forty lanes; `text` gives the text of a line from its number.
fn two_thousand(text: impl Fn(usize) -> String) -> String {
    (0..2_000).map(|number| format!("l{} | {}\n", number % 40, text(number))).collect()
}

/// What `ask` returns within some seconds, unless it hangs: its work is not counted in steps.
#[track_caller]
fn soon<T: Send + 'static>(ask: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = channel();
    std::thread::spawn(move || sender.send(ask()));
    receiver.recv_timeout(Duration::from_secs(60)).expect("no answer within a minute")
}

#[test]
fn a_look_for_lines_that_read_alike_ends() {
    let begin_alike = two_thousand(|number| format!("worker {{:int}} does {number}"));
    let same = two_thousand(|number| format!("tick {{x{number}:int}} {{y{number}:int}} end"));
    for text in [begin_alike, same] {
        let transcript = parse(&text);
        assert_eq!(transcript.count_within(&Budget::of(100_000)), Count::Uncounted);
        soon(move || (transcript.lint().len(), transcript.count()));
    }
}

#[test]
fn bless_ends_where_all_is_alike() {
    for text in ["tick", "tick {:int} {:int}", "worker {:word} is now done with it, {:word} is"] {
        let transcript = parse(&two_thousand(|_| text.to_owned()));
        let line = text.replace("{:int}", "7").replace("{:word}", "x y");
        let output = format!("{line}\n").repeat(1_999) + "tock\n";
        let blessed = soon(move || transcript.bless(&output));
        assert!(blessed.changed.is_empty() && !blessed.refused.is_empty());
    }
}
