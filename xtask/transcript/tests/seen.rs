//! Rules about several runs: at least one of them must show something.

use transcript::{
    Budget, ConstraintKind, Count, Effect, FaultKind, Flawed, SeenRule, Sightings, Timing,
    Transcript, Verdict,
};

#[track_caller]
fn parse(text: &str) -> Transcript {
    Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"))
}

/// The message of the first mistake, with its line and column.
#[track_caller]
fn mistake(text: &str) -> (usize, usize, String) {
    let error = Transcript::parse("t.txt", text).expect_err("accepted");
    let first = &error.mistakes[0];
    assert!(!first.help.is_empty());
    (first.line, first.column, first.message.clone())
}

/// Which `seen` rules a legal output satisfies; its lines are separated by `/`.
#[track_caller]
fn seen(transcript: &Transcript, output: &str) -> Vec<bool> {
    match transcript.judge(&lines(output), Timing::Judged) {
        Verdict::Accepted(accepted) => accepted.seen(),
        other => panic!("not accepted: {other:?}"),
    }
}

fn lines(output: &str) -> String {
    output.replace('/', "\n") + "\n"
}

/// What these outputs show; illegal ones do not count.
fn sightings(transcript: &Transcript, outputs: &[&str]) -> Sightings {
    let mut sightings = Sightings::default();
    for output in outputs {
        if let Verdict::Accepted(accepted) = transcript.judge(&lines(output), Timing::Judged) {
            sightings.add(&accepted);
        }
    }
    sightings
}

const TOTAL: &str = "a | total: {total:int}\nseen {total} < 20 in 5 runs\n";

#[test]
fn no_single_output_breaks_it() {
    let transcript = parse(TOTAL);
    assert_eq!(seen(&transcript, "total: 19"), [true]);
    assert_eq!(seen(&transcript, "total: 20"), [false]);
    transcript.assert("total: 20\n");
    assert_eq!(transcript.rules(), []);
    assert_eq!(transcript.count(), parse("a | total: {:int}\n").count());
    assert_eq!(transcript.lint(), [], "the rule uses the name");
}

#[test]
fn counted_texts_and_several_rules() {
    let transcript = parse(
        "a *| lost an update\nb | done {n:1..=3}\n\
         seen \"lost\" >= 1 in 20 runs\nseen \"lost\" == 0 in 20 runs\nseen 2 * \"lost\" > {n} in 9 runs\n",
    );
    assert_eq!(seen(&transcript, "done 1"), [false, true, false]);
    assert_eq!(seen(&transcript, "lost an update/done 1"), [true, false, true]);
    assert_eq!(seen(&transcript, "lost an update/done 3"), [true, false, false]);
    let runs: Vec<u32> = transcript.seen_rules().iter().map(SeenRule::runs).collect();
    assert_eq!(runs, [20, 20, 9]);
}

#[test]
fn a_rule_with_a_name_asks_for_each_of_its_values() {
    let transcript = parse("a *| {t:word} adds\nseen \"{t} adds\" >= 2 in 9 runs\n");
    assert_eq!(seen(&transcript, "one adds/one adds/two adds/two adds"), [true]);
    assert_eq!(seen(&transcript, "one adds/one adds/two adds"), [false]);
    // What is about nothing is not seen.
    let Verdict::Accepted(nothing) = transcript.judge("", Timing::Judged) else {
        panic!("not accepted")
    };
    assert_eq!(nothing.seen(), [false]);
}

#[test]
fn a_value_that_was_not_printed_is_not_seen() {
    let transcript = parse("a ?| lost {n:int}\nb | done\nseen {n} >= 0 in 9 runs\n");
    assert_eq!(seen(&transcript, "done"), [false]);
    assert_eq!(seen(&transcript, "lost 3/done"), [true]);
    let report = transcript.unseen(&sightings(&transcript, &["done"; 9])).expect("unseen");
    assert_eq!(report.to_string(), "UNSEEN  {n} >= 0 in none of 9 runs (t.txt:3)");
}

#[test]
fn any_legal_reading_of_an_output_will_do() {
    let transcript = parse("a | got {x:int}\nb | got {y:int}\nseen {x} < {y} in 2 runs\n");
    assert_eq!(seen(&transcript, "got 1/got 2"), [true]);
    assert_eq!(seen(&transcript, "got 2/got 1"), [true]);
    assert_eq!(seen(&transcript, "got 2/got 2"), [false]);

    let text = "a | {:text} {n:int} {:text}\nseen {n} == 1 in 2 runs\nseen {n} == 2 in 2 runs\nseen {n} == 3 in 2 runs\n";
    assert_eq!(seen(&parse(text), "one 1 2 or so"), [true, true, false]);
}

#[test]
fn in_a_loop_each_turn_is_a_rule() {
    let transcript = parse(
        "for i in 1..=2\n  t{i} | {:int} by {i}\n  b *| lost {i}\nfor i in 1..=2\n  seen \"lost {i}\" >= 1 in 3 runs\n",
    );
    assert_eq!(seen(&transcript, "1 by 1/2 by 2/lost 2"), [false, true]);
    let unseen = transcript.unseen(&sightings(&transcript, &["1 by 1/2 by 2/lost 2"; 3]));
    let report = unseen.expect("unseen").to_string();
    assert_eq!(
        report,
        "UNSEEN  \"lost {i}\" >= 1 with i = 1 in none of 3 runs; \
         nearest: \"lost {i}\" was 0 with i = 1 in 3 of 3 (t.txt:5)"
    );
}

#[test]
fn runs_are_wanted_until_it_is_seen() {
    let transcript = parse(&(TOTAL.to_owned() + "seen {total} > 20 in 8 runs\n"));
    let left = |outputs: &[&str]| transcript.runs_left(&sightings(&transcript, outputs));
    assert_eq!(left(&[]), 8);
    assert_eq!(left(&["total: 20"; 3]), 5);
    assert_eq!(left(&["total: 21"]), 4);
    assert_eq!(left(&["total: 21", "total: 19"]), 0);
    assert_eq!(left(&["total: 20"; 9]), 0);
    assert_eq!(left(&["illegal"; 9]), 8);
}

#[test]
fn what_no_run_shows_is_a_fault() {
    let transcript = parse(TOTAL);
    let unseen = |outputs: &[&str]| transcript.unseen(&sightings(&transcript, outputs));
    assert!(unseen(&["total: 20"; 4]).is_none(), "too few runs");
    assert!(unseen(&["total: 20", "total: 20", "illegal", "total: 20", "total: 20"]).is_none());
    let once = ["total: 20", "total: 20", "total: 20", "total: 20", "total: 20", "total: 1"];
    assert!(unseen(&once).is_none());

    let rejected =
        unseen(&["total: 23", "total: 21", "total: 22", "total: 21", "total: 23"]).expect("unseen");
    assert_eq!(
        rejected.to_string(),
        "UNSEEN  {total} < 20 in none of 5 runs; nearest: {total} was 21 in 2 of 5 (t.txt:2)"
    );
    let fault = &rejected.faults[0];
    assert_eq!((fault.kind, fault.transcript_line), (FaultKind::Unseen, Some(2)));
    let broken: Vec<String> = rejected.broken().iter().map(ToString::to_string).collect();
    assert_eq!(broken, ["the rule seen {total} < 20 in 5 runs, line 2"]);
    assert!(transcript.constraints().contains(&rejected.broken()[0]));
}

#[test]
fn values_that_differ_from_run_to_run_are_left_out_of_the_neutral_report() {
    let transcript = parse(TOTAL);
    let neutral = |outputs: &[&str]| {
        let sightings = sightings(&transcript, outputs).neutral();
        transcript.unseen(&sightings).expect("unseen").to_string()
    };
    assert_eq!(
        neutral(&["total: 20"; 5]),
        "UNSEEN  {total} < 20 in none of 5 runs; nearest: {total} was 20 in 5 of 5 (t.txt:2)"
    );
    assert_eq!(
        neutral(&["total: 20", "total: 20", "total: 20", "total: 20", "total: 21"]),
        "UNSEEN  {total} < 20 in none of 5 runs (t.txt:2)"
    );
}

#[test]
fn both_sides_are_told() {
    let transcript = parse("a | {n:int} of {m:int}\nseen {n} > {m} + 1 in 2 runs\n");
    let report = transcript.unseen(&sightings(&transcript, &["3 of 7"; 2])).expect("unseen");
    assert_eq!(
        report.to_string(),
        "UNSEEN  {n} > {m} + 1 in none of 2 runs; nearest: {n} was 3 and {m} + 1 was 8 in 2 of 2 (t.txt:2)"
    );
}

#[test]
fn an_unjudged_time_is_no_obstacle() {
    let transcript =
        parse("a | {t:secs} s\ntiming a | late\ntiming finally {t} < 1\nseen {t} > 2 in 2 runs\n");
    let Verdict::Accepted(accepted) = transcript.judge("3.0 s\nlate\n", Timing::Waived) else {
        panic!("not accepted")
    };
    assert_eq!(accepted.seen(), [true]);
}

#[test]
fn mistakes() {
    let event = "a | {n:int}\n";
    for (rule, column, message) in [
        ("seen {n} < 5", 13, "expected `in `"),
        ("seen {n} < 5 in", 14, "expected `in `"),
        ("seen {n} < 5 in runs", 17, "expected a number"),
        ("seen {n} < 5 in 5", 18, "expected `runs`"),
        ("seen {n} < 5 in 5 times", 19, "expected `runs`"),
        ("seen {n} < 5 in 5 runs, or 6", 23, "unexpected text"),
        ("seen {n} < 5 in 0 runs", 17, "no such number of runs"),
        ("seen {n} < 5 in 1 runs", 17, "no such number of runs"),
        ("seen {n} < 5 in 1001 runs", 17, "no such number of runs"),
        ("seen {n} = 5 in 5 runs", 10, "expected a comparison"),
        ("seen {m} < 5 in 5 runs", 6, "nothing binds `m`"),
        ("seen 1 < 5 in 5 runs", 1, "a rule about nothing"),
        ("seen \"x\" > 5 in 5 runs", 6, "no event prints \"x\""),
        ("timing seen {n} < 5 in 5 runs", 1, "`timing` cannot mark this line"),
        ("seen | x", 1, "a keyword cannot be a lane"),
        ("seen -> b", 1, "a keyword cannot be a lane"),
    ] {
        let found = mistake(&format!("{event}{rule}\n"));
        assert_eq!(found, (2, column, message.to_owned()), "{rule}");
    }
}

#[test]
fn what_is_known_before_any_run() {
    let events = "a | {r:2..=4} {p:pid} {t:secs >= 1.0} {n:int < 7} {i:int}\n\
                  b | done\nb | done\nc ?| maybe {o:1..=2}\nd *| more\ne | {u:secs < 9.0}\n";
    let seen = |rule: &str| match Transcript::parse(
        "t.txt",
        &format!("{events}seen {rule} in 5 runs\n"),
    ) {
        Ok(_) => "",
        Err(error) => {
            assert_eq!((error.mistakes.len(), error.mistakes[0].line), (1, 7), "{error}");
            match error.mistakes[0].message.as_str() {
                "every run satisfies this" => "always",
                "no run can satisfy this" => "never",
                other => panic!("{rule}: {other}"),
            }
        }
    };
    for (rule, expected) in [
        ("{r} >= 2", "always"),
        ("{r} >= 3", ""),
        ("{r} < 2", "never"),
        ("{r} == 5", "never"),
        ("{r} == 4", ""),
        ("2 < {r} - 2", "never"),
        ("{p} > 0", "always"),
        ("{p} > 1", ""),
        ("{t} >= 1", "always"),
        ("{t} < 1", "never"),
        ("{t} < 2", ""),
        // An upper bound of a duration only warns.
        ("{u} > 9", ""),
        ("{n} > 7", "never"),
        ("{n} < 8", "always"),
        ("{i} < 8", ""),
        ("{i} - {i} < 8", ""),
        ("\"done\" == 2", "always"),
        ("\"done\" > 2", "never"),
        ("\"maybe\" == 1", ""),
        ("\"maybe\" == 2", "never"),
        ("\"maybe\" <= 1", "always"),
        // Not in a run without the line.
        ("{o} <= 2", ""),
        ("\"maybe {o}\" <= 1", "always"),
        ("\"more\" >= 9", ""),
        ("\"more\" >= 0", "always"),
        ("\"more\" < 0", "never"),
    ] {
        assert_eq!(seen(rule), expected, "{rule}");
    }
}

/// Against all outputs of a small transcript.
#[test]
fn what_is_foreseen_is_so_in_every_output() {
    let events =
        "a | {r:1..=3} left\na -> b\nb ?| x {o:-1..=1}\nb -> c\nc | x and y\nc -> d\nd ?| y\n";
    let mut outputs = Vec::new();
    for r in 1..=3 {
        for x in ["", "x -1\n", "x 0\n", "x 1\n"] {
            for y in ["", "y\n"] {
                outputs.push(format!("{r} left\n{x}x and y\n{y}"));
            }
        }
    }
    let mut found = [0; 3];
    for sum in ["{r}", "\"x\"", "{r} - 2 * \"y\"", "\"x {o}\"", "2 * {o}", "\"x\" + \"y\" - {r}"] {
        for sign in ["==", "<=", ">=", "<", ">"] {
            for number in 0..=6 {
                let rule = format!("{sum} + 3 {sign} {number}");
                let satisfied = |finally: &str| {
                    let all = parse(&format!("{events}finally {finally}\n"));
                    let legal = |output: &&String| {
                        matches!(all.judge(output, Timing::Judged), Verdict::Accepted(_))
                    };
                    outputs.iter().filter(legal).count()
                };
                match Transcript::parse("t.txt", &format!("{events}seen {rule} in 2 runs\n")) {
                    Ok(_) => found[0] += 1,
                    Err(error) if error.to_string().contains("every run satisfies this") => {
                        assert_eq!(satisfied(&rule), outputs.len(), "{rule}");
                        found[1] += 1;
                    }
                    Err(error) => {
                        assert!(error.to_string().contains("no run can satisfy this"), "{error}");
                        // A `finally` rule is skipped in a run without its value.
                        let vacuous = if sum.contains("{o}") && !sum.contains('"') { 6 } else { 0 };
                        assert_eq!(satisfied(&rule), vacuous, "{rule}");
                        found[2] += 1;
                    }
                }
            }
        }
    }
    assert!(found.iter().all(|times| *times > 20), "{found:?}");
}

#[test]
fn without_it_a_flaw_passes_that_it_catches() {
    let transcript = parse(TOTAL);
    let flaw = |name: &str, outputs: &[&str]| {
        let outputs = outputs.iter().map(|output| (lines(output), Timing::Judged));
        Flawed { name: name.to_owned(), outputs: outputs.collect() }
    };
    let audit = transcript.audit(&[
        flaw("locked", &["total: 20"; 5]),
        flaw("still-flawed", &["total: 20", "total: 20", "total: 20", "total: 20", "total: 9"]),
        flaw("too-few-runs", &["total: 20"; 4]),
    ]);
    assert_eq!(audit.passing, ["still-flawed", "too-few-runs"]);
    let [audited] = &audit.constraints[..] else { panic!("one constraint") };
    assert_eq!(audited.constraint.kind, ConstraintKind::Seen);
    assert_eq!(audited.broken_by, ["locked"]);
    assert_eq!(audited.lets_through, ["locked"]);
    let without = transcript.audit(&[]).to_string();
    assert_eq!(without, "no arrows\nno flaw breaks the rule seen {total} < 20 in 5 runs, line 2");
}

#[test]
fn it_forbids_something_unless_every_output_satisfies_it() {
    let effect = |text: &str| {
        let transcript = parse(text);
        let weakenings = transcript.weakenings();
        let seen =
            |weakening: &&transcript::Weakening| weakening.constraint.kind == ConstraintKind::Seen;
        let weakening = weakenings.iter().find(seen).expect("a seen rule");
        weakening.effect(transcript.count(), &Budget::default())
    };
    let runs = |satisfying, of| Effect::Runs {
        satisfying: Count::Exactly(satisfying),
        of: Count::Exactly(of),
    };
    assert_eq!(effect("a | {n:1..=5}\nseen {n} < 3 in 9 runs\n"), runs(2, 5));
    assert_eq!(effect("a | x\nb ?| lost\nseen \"lost\" == 1 in 9 runs\n"), runs(2, 3));
    let always = "a | {n:1..=5}\nfinally {n} < 3\nseen {n} < 3 in 9 runs\n";
    assert_eq!(effect(always), Effect::Same);
    assert_eq!(effect(TOTAL), Effect::Values);
    let turns = "for i in 1..=2\n  b ?| lost {i}\n  seen \"lost {i}\" == 1 in 9 runs\n";
    assert_eq!(effect(turns), runs(2, 4).clone());
}

#[test]
fn blessing_follows_the_wording_that_it_quotes_and_leaves_the_rest_alone() {
    let text = "a | total: {total:int}\nb ?| lost an update\nseen {total} < 20 in 5 runs\nseen \"lost an update\" >= 1 in 9 runs\n";
    let blessed = parse(text).bless("sum: 3\nlost an update\n");
    assert_eq!(blessed.text, text.replace("total: {", "sum: {"));
    let blessed = parse(text).bless("total: 3\nmissed an update\n");
    assert_eq!(blessed.text, text.replace("lost", "missed"));
}

#[test]
fn the_outline_explains_it() {
    let outline = parse(TOTAL).outline(100).to_string();
    assert!(
        outline.contains(
            "\nSeen: over several runs, at least one must satisfy each; a single run need not\n      \
             {total} < 20 in 5 runs  (line 2)\n"
        ),
        "{outline}"
    );
}
