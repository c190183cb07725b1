//! The meaning of the words and signs in a transcript.

use transcript::{Count, Timing, Transcript, Verdict};

#[track_caller]
fn parse(text: &str) -> Transcript {
    Transcript::parse("t.txt", text).unwrap_or_else(|error| panic!("{error}"))
}

/// The output with a newline at its end.
fn whole(output: &str) -> String {
    output.trim_end_matches('\n').to_owned() + "\n"
}

/// Whether each output, its lines separated by `/`, is legal.
#[track_caller]
fn judges(transcript: &Transcript, outputs: &[(&str, bool)]) {
    for (output, legal) in outputs {
        let verdict = transcript.judge(&whole(&output.replace('/', "\n")), Timing::Judged);
        let accepted = matches!(verdict, Verdict::Accepted(_));
        assert!(
            accepted == *legal && !matches!(verdict, Verdict::Undecided { .. }),
            "{output}: {verdict:?}"
        );
    }
}

/// The report about an illegal output.
#[track_caller]
fn rejection(text: &str, output: &str) -> String {
    match parse(text).judge(&whole(&output.replace('/', "\n")), Timing::Judged) {
        Verdict::Rejected(rejected) => rejected.to_string(),
        other => panic!("not rejected: {other:?}"),
    }
}

#[test]
fn each_comparison() {
    for (sign, legal) in
        [("==", [false, true, false]), ("<=", [true, true, false])].into_iter().chain([
            (">=", [false, true, true]),
            ("<", [true, false, false]),
            (">", [false, false, true]),
        ])
    {
        let transcript = parse(&format!("a *| x {{:int}}\nb | end\nfinally \"x\" {sign} 2\n"));
        for (count, legal) in legal.into_iter().enumerate() {
            judges(&transcript, &[(&("x 1/".repeat(count + 1) + "end"), legal)]);
        }
    }
}

#[test]
fn a_factor() {
    let transcript = parse("a *| x\nb *| y\nfinally 2 * \"x\" - 3 * \"y\" == -1\n");
    judges(&transcript, &[("x/y", true), ("x/x/x/x/y/y/y", true), ("x/x/y", false), ("", false)]);
}

#[test]
fn a_factor_of_a_value() {
    let transcript = parse("a | {a:int} {b:secs}\nfinally {a} == 2 * {b} + 3 * 2\n");
    judges(&transcript, &[("10 2.0", true), ("7 0.5", true), ("8 2.0", false), ("4 2.0", false)]);
}

#[test]
fn negative_bounds_and_ranges() {
    let transcript = parse("a | {:int >= -3} {n:int < -1} {:-2..=1}\nfinally {n} > -10\n");
    let outputs = [
        ("-3 -2 -2", true),
        ("5 -9 1", true),
        ("-4 -2 0", false),
        ("0 -1 0", false),
        ("0 -10 0", false),
        ("0 -2 -3", false),
    ];
    judges(&transcript, &outputs);
    assert_eq!(transcript.count(), Count::Exactly(4));
    let loops = parse("for i in -1..=1\n  a | {i} {2*i}\n");
    assert_eq!(loops.neutral(), ["-1 -2", "0 0", "1 2"]);
}

#[test]
fn a_text_takes_several_words() {
    let transcript = parse("a | says {x:text}, twice\nb | heard {x}\n");
    let outputs = [
        ("says good morning, twice/heard good morning", true),
        ("says good, morning, twice/heard good, morning", true),
        ("says good morning, twice/heard good", false),
        ("says , twice/heard ", false),
        ("says  good, twice/heard  good", false),
    ];
    judges(&transcript, &outputs);
}

#[test]
fn pids_are_those_that_the_kernel_gives() {
    let transcript = parse("a | {:pid} up\n");
    judges(&transcript, &[("1 up", true), ("4194304 up", true)]);
    let none = [("0 up", false), ("4194305 up", false), ("4294967295 up", false), ("01 up", false)];
    judges(&transcript, &none);
    judges(&transcript, &[(&("9".repeat(30) + " up"), false)]);
}

#[test]
fn pids_without_a_name_differ_too() {
    let transcript = parse("a | {:pid} up\nb | {:pid} down\n");
    judges(&transcript, &[("1 up/2 down", true), ("1 up/1 down", false)]);
    // 102 and 3 rather than 1 and 203.
    let transcript = parse("a | {:pid}0{:pid}\nb | {:pid} down\n");
    judges(&transcript, &[("10203/1 down", true), ("10203/4 down", true), ("103/1 down", false)]);
}

#[test]
fn numbers_are_exact() {
    let transcript = parse("a | {a:int} {b:int}\nfinally {a} == {b}\n");
    let great = "9007199254740993";
    judges(
        &transcript,
        &[(&format!("{great} {great}"), true), (&format!("{great} 9007199254740992"), false)],
    );
    // A double cannot tell these apart, and cannot hold the greatest.
    let nines = "9".repeat(27);
    judges(
        &transcript,
        &[(&format!("{nines} {nines}"), true), (&format!("{nines} {}8", "9".repeat(26)), false)],
    );
    judges(&transcript, &[(&format!("1{nines} 1{nines}"), false)]);

    let transcript = parse("a | {a:secs} + {b:secs} = {c:secs}\nfinally {a} + {b} == {c}\n");
    judges(&transcript, &[("0.1 + 0.2 = 0.3", true), ("0.1 + 0.2 = 0.30", true)]);
    judges(&transcript, &[("0.1 + 0.2 = 0.30000000000000004", false)]);

    let transcript = parse("a | {:secs >= 0.3}\n");
    judges(&transcript, &[("0.3", true), ("0.300000000000000000000000001", true)]);
    judges(&transcript, &[("0.299999999999999999999999999", false), ("0.2999999999", false)]);
}

#[test]
fn an_exact_number_is_told_exactly() {
    let said = rejection("a | {t:secs}\nfinally {t} < 0.3\n", "0.3");
    assert_eq!(said, "RULE    at the end: {t} is 0.3, but must be < 0.3 (t.txt:2)");
    let said =
        rejection("a | {a:int} {b:int}\nfinally {a} - 2 * {b} >= -1\n", "-9007199254740993 1");
    assert!(said.contains("{a} - 2 * {b} is -9007199254740995, but must be >= -1"), "{said}");
}

#[test]
fn a_quoted_text_is_whole_words() {
    let transcript = parse("for i in 1..=3\n  a | sends {i}\nb | ends\nalways \"ends\" <= 1\n");
    judges(&transcript, &[("sends 1/sends 2/sends 3/ends", true)]);
    let transcript = parse("a | task 1 starts\na | task 10 starts\nfinally \"task 1\" == 1\n");
    judges(&transcript, &[("task 1 starts/task 10 starts", true)]);
}

#[test]
fn a_hole_in_a_rule_means_what_it_says() {
    let text = "for i in 1..=12\n  t{i} | starts task {i}\n  always \"starts task {i}\" <= 1\n";
    let transcript = parse(text);
    let output: Vec<String> = (1..=12).rev().map(|i| format!("starts task {i}")).collect();
    judges(&transcript, &[(&output.join("/"), true)]);

    let text = "for i in 1..=10\n  a{i} | asks {i}\n  b{i} | answers {i}\n  always \"answers {i}\" <= \"asks {i}\"\n";
    let rest: Vec<String> = (2..=9).map(|i| format!("asks {i}/answers {i}")).collect();
    let output = |head: &str| format!("{head}/{}", rest.join("/"));
    judges(&parse(text), &[(&output("asks 1/asks 10/answers 1/answers 10"), true)]);
    let said = rejection(text, &output("asks 10/answers 1/asks 1/answers 10"));
    let expected = "RULE    at output line 2: \"answers {i}\" is 1 with i = 1, but must be <= 0 (\"asks {i}\") (t.txt:4)";
    assert_eq!(said, expected);
}

#[test]
fn a_chain_in_one_loop() {
    for chain in ["t{i} -> t{i+1}", "t{i-1} -> t{i}", "t{i} -> t{i+1}, main"] {
        let arrow_first = chain.starts_with("t{i-1}");
        let event = "  t{i} | {i}\n";
        let (above, below) = if arrow_first { ("", event) } else { (event, "") };
        let text = format!("for i in 1..=4\n{above}  {chain}\n{below}main | end\n");
        let transcript = parse(&text);
        let expected = if chain.ends_with("main") { 1 } else { 5 };
        assert_eq!(transcript.count(), Count::Exactly(expected), "{text}");
    }
}

#[test]
fn a_kind_of_ones_own() {
    let even = Transcript::parser().kind(
        "even",
        |text| text.parse::<u32>().is_ok_and(|number| number % 2 == 0),
        |number| (2 * (number % 100)).to_string(),
    );
    let transcript =
        even.parse("t.txt", "a | got {n:even}, {:even}\nb | again {n}\n").expect("a transcript");
    judges(&transcript, &[("got 2, 4/again 2", true), ("again 2/got 2, 4", true)]);
    judges(&transcript, &[("got 2, 3/again 2", false), ("got 2, 4/again 4", false)]);
    assert_eq!(transcript.count(), Count::Exactly(2));
    let lines = transcript.sample(1).expect("a legal output").join("/");
    judges(&transcript, &[(&lines, true)]);
    fn crosses_threads<T: Send + Sync>(_: &T) {}
    crosses_threads(&transcript);
    // The text that bless writes is read with the same kinds.
    assert!(transcript.bless("got  2, 4\nagain 2\n").text.contains("{n:even}"));
    let error = even.parse("t.txt", "a | {n:odd}\n").expect_err("an unknown kind");
    assert!(error.mistakes[0].help.contains("text, even, or a range"), "{error}");
    let error = Transcript::parser()
        .kind("none", |_| false, |_| "x".to_owned())
        .parse("t.txt", "a | {:none}\n")
        .expect_err("an example that is none");
    assert_eq!(error.mistakes[0].message, "`none` does not admit its own example `x`");
}

#[test]
#[should_panic(expected = "there is a kind `pid` already")]
fn a_kind_that_there_is() {
    let _ = Transcript::parser().kind("pid", |_| true, |_| "1".to_owned());
}

/// `{a:word}-{b:word}-...`
fn dashed(holes: usize, named: bool) -> String {
    let hole = |hole: usize| if named { format!("{{w{hole}:word}}") } else { "{:word}".to_owned() };
    (0..holes).map(hole).collect::<Vec<_>>().join("-")
}

/// Trying all ways would take years.
#[test]
fn many_ways_to_read_a_line() {
    for holes in 1..=9 {
        for dashes in [1, 120, 200, 20_000] {
            let transcript = parse(&format!("a | {} end\n", dashed(holes, false)));
            let line = "-".repeat(dashes) + " end";
            judges(&transcript, &[(&line, dashes >= 2 * holes - 1)]);
            judges(&transcript, &[(&line.replace("end", "END"), false)]);
        }
    }
}

/// If there are too many ways, the judge does not know, and says so.
#[test]
fn too_many_ways_to_read_a_line_are_no_verdict() {
    let names: String = (0..8).map(|hole| format!("b | {{w{hole}}}\n")).collect();
    let transcript = parse(&format!("a | {}\na -> b\n{names}", dashed(8, true)));
    let legal = format!("{}/{}", ["x"; 8].join("-"), ["x"; 8].join("/"));
    judges(&transcript, &[(&legal, true)]);
    let unclear = format!("{}\n{}", "-".repeat(200), "y\n".repeat(8));
    let verdict = transcript.judge(&unclear, Timing::Judged);
    assert!(matches!(verdict, Verdict::Undecided { .. }), "{verdict:?}");
}

#[test]
fn a_rule_reads_a_line_in_many_ways() {
    let text = "b *| {p:word}-{q:word}-{r:word}-\nalways \"{p}-{q}-{r}-\" <= 3\n";
    let transcript = parse(text);
    let line = "-".repeat(20_000);
    judges(
        &transcript,
        &[(&[line.as_str(); 3].join("/"), true), (&[line.as_str(); 4].join("/"), false)],
    );
}

fn lints(text: &str) -> Vec<String> {
    parse(text).lint().iter().map(ToString::to_string).collect()
}

#[test]
fn a_name_that_nothing_uses_again() {
    assert_eq!(
        lints("a | {p:pid} up\na | {t:secs >= 1} s\na | {:int}\n"),
        [
            "t.txt:1: nothing uses `{p}` again: write `{:pid}`",
            "t.txt:2: nothing uses `{t}` again: write `{:secs}`",
        ]
    );
    assert_eq!(
        lints("for i in 1..=2\n  a | {i}: {w:1..=3}\n"),
        ["t.txt:2: nothing uses `{w}` again: write `{:1..=3}`",]
    );
    let used = [
        "a | {p:pid}\na | again {p}\n",
        "a | {t:secs}\nfinally {t} < 3\n",
        "a | {w:int} up\nalways \"{w} up\" <= 1\n",
    ];
    for text in used {
        assert_eq!(lints(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_hole_whose_end_is_not_clear() {
    let said = lints("a | {x:word}-{y:word}\na | {x} {y}\n");
    assert!(
        said[0]
            .starts_with("t.txt:1: where {x} ends is not clear: `-` can be part of it and of {y}"),
        "{said:?}"
    );
    assert_eq!(lints("a | {x:word} {y:word}\na | {x} {y}\n"), Vec::<String>::new());
    assert_eq!(lints("a | {:word}-{:word}\n"), Vec::<String>::new());
}

#[test]
fn a_text_that_a_rule_adds_twice() {
    assert_eq!(lints("a | x\na | y\nalways \"y\" + \"y\" <= \"x\"\n").len(), 1);
    assert_eq!(lints("a | x\na | y\nalways 2 * \"y\" <= 2 * \"x\"\n"), Vec::<String>::new());
}
