//! `tidy` on the form of a chapter's text, which is broken in one place at a time.

use super::tidy::{README, finds, finds_in_pool};
use crate::course::{Course, holds, stdout};

const MAIN: &str = "lessons/pool/src/main.rs";

/// A change of the text, and the findings that it causes: a part of each, in order.
type Case<'a> = (&'a str, &'a str, &'a [&'a str]);

#[track_caller]
fn check(cases: &[Case<'_>]) {
    for (old, new, parts) in cases {
        let course = Course::with("pool");
        course.edit(README, old, new);
        promise(&course, 10); // Another test is about the minutes.
        finds_in_pool(&course, parts);
    }
}

/// The part of the text from `from` up to `to`.
pub(super) fn part(from: &str, to: &str) -> String {
    let text = Course::with("pool").read(README);
    let start = text.find(from).unwrap();
    let end = text[start..].find(to).unwrap();
    text[start..start + end].to_owned()
}

/// Sets the minutes that the chapter promises.
pub(super) fn promise(course: &Course, minutes: u32) {
    course.edit("lessons/pool/Cargo.toml", "minutes = 6", &format!("minutes = {minutes}"));
}

#[test]
fn a_chapter_has_its_sections_in_order() {
    check(&[
        ("# What is it good for?", "# What else?", &["README.md:1: not the question"]),
        (&part("You meet", "## The idea"), "", &["README.md:1: no introduction"]),
        (
            "## Surprises",
            "## Oddities",
            &[
                "README.md:104: no section `Surprises`: write `## Surprises` below `Python to Rust`",
                "README.md:112: a chapter has no section `Oddities`: it has The idea, ",
            ],
        ),
        (
            "## Read next",
            "## More scenes",
            &[
                "README.md:117: no section `Read next`: write `## Read next` below `In the real",
                "README.md:122: `More scenes` comes too late: move it above `In the real world`",
            ],
        ),
        (
            "## Read next",
            "## Surprises\n\n## Read next",
            &["README.md:122: a second section `Surprises`"],
        ),
        (&part("```text\n   main", "## The scenes"), "", &["README.md:8: no picture"]),
        (&part("| Python |", "## Surprises"), "", &["README.md:104: no table"]),
        (
            "Either may.",
            "Either may.\n\n   </details>\n   <details>",
            &["README.md:127: 4 answers in <details>"],
        ),
        ("can never appear", "is impossible", &["README.md:127: no question about the order"]),
    ]);
}

#[test]
fn some_sections_are_short() {
    let idea = part("Two threads run", "```text\n   main");
    let surprises = part("Rust refuses", "## In the real world");
    for (old, begin, most, line) in
        [(&idea, "", 150, 8), (&surprises, "`refused/join_twice.rs` ", 300, 112)]
    {
        let course = Course::with("pool");
        promise(&course, 10);
        let words = most - begin.split_whitespace().count();
        course.edit(README, old, &format!("{begin}{}\n\n", "word ".repeat(words).trim_end()));
        finds_in_pool(&course, &[]);
        course.edit(README, "word word\n", "word word *word*\n");
        let what = format!("{} words, at most {most}: cut it", most + 1);
        finds_in_pool(&course, &[&what]);
        holds(&stdout(&course.xtask(["tidy", "pool"]).code(1)), &format!("README.md:{line}: "));
    }
}

#[test]
fn a_section_about_a_scene_has_all_its_steps() {
    let (code, run) = (part("<!-- code", "**Predict"), part("<!-- output", "<!-- lanes"));
    let lanes = part("<!-- lanes", "<!-- legal");
    let (legal, says) = (part("<!-- legal", "**Why"), part("<!-- says", "</details>"));
    check(&[
        (": a worker and a thread that waits", "", &["README.md:34: not the heading of a scene"]),
        (&code, "", &["README.md:34: `hand-over` lacks the code: write <!-- code: hand-over -->"]),
        ("**Predict.** ", "", &["`hand-over` lacks **Predict.**"]),
        (
            "**Run.** ",
            "",
            &["lacks **Run.**: write **Run.** `cargo run -p lesson-pool -- hand-over`"],
        ),
        ("**Watch for**", "Watch for", &["`hand-over` lacks **Watch for**"]),
        ("<details><summary>What happens, and why</summary>\n\n", "", &["lacks <details>"]),
        (
            &format!("{run}{lanes}"),
            "",
            &["lacks one run: write <!-- output: hand-over --> and <!-- end -->, or `One"],
        ),
        (&legal, "", &["lacks the number of legal outputs"]),
        ("**Why.** ", "", &["`hand-over` lacks **Why.**"]),
        ("**Break it.** ", "", &["`hand-over` lacks **Break it.**"]),
        (
            &says,
            "<!-- says: hand-over late-join -->\n<!-- end -->\n\n",
            &["94: nothing quoted yet"],
        ),
        (&says, "", &["lacks what the check says: write <!-- says: hand-over late-join -->"]),
        ("</details>\n\n## Python", "## Python", &["`hand-over` lacks </details>"]),
        (
            "`cargo run -p lesson-pool -- hand-over`, three or four times.",
            "\n\n```sh\ncargo run -p lesson-pool -- hand-out\n```",
            &[
                "58: **Run.** does not play",
                "61: `cargo run -p lesson-pool -- hand-out` does not work",
            ],
        ),
        (
            "`cargo run -p lesson-pool -- hand-over`, three or four times.",
            "`cargo run -p lesson-pool -- hand-over`, then `cargo xtask play pool/hand-over --goal \"a b -> c\"`\n\
             and `cargo xtask play pool/hand-out`.",
            &["59: `cargo xtask play pool/hand-out` does not work: no scene"],
        ),
        ("`cargo run -p lesson-pool` plays", "It plays", &["README.md:26: no command for all"]),
        (
            "### `hand-over`",
            "### `hand-out`",
            &["26: no section about `hand-over`", "34: `hand-out` is not a scene"],
        ),
        (
            "Which of them can be the first, and which the last?",
            "Guess their order.",
            &["README.md:56: **Predict.** asks nothing"],
        ),
        (
            "pool -- hand-over`",
            "pool -- hand-overs`",
            &[
                "58: **Run.** does not play `hand-over`",
                "58: `cargo run -p lesson-pool -- hand-overs` does not work",
            ],
        ),
    ]);
}

#[test]
fn the_steps_are_in_order_and_only_once() {
    let (code, predict) = (part("<!-- code", "**Predict"), part("**Predict", "**Run"));
    let (legal, why) = (part("<!-- legal", "**Why"), part("**Why", "**Break"));
    check(&[
        (
            &format!("{code}{predict}"),
            &format!("{predict}{code}"),
            &[
                "README.md:36: **Predict.** comes before the code: the order is the code, **Predict.**",
            ],
        ),
        (
            &format!("{legal}{why}"),
            &format!("{why}{legal}"),
            &["README.md:84: **Why.** comes before the number of legal outputs"],
        ),
        ("**Break it.**", "**Why.** So.\n\n**Break it.**", &["README.md:91: a second **Why.**"]),
        (
            "**Watch for**",
            "**Play.** `cargo xtask play pool/hand-over`\n\n**Watch for**",
            &["README.md:60: **Play.** comes before **Watch for**"],
        ),
        (
            "**Why.**",
            "**Play.** `cargo xtask play pool/hand-over`\n\n**Why.**",
            &["README.md:62: <details> comes before **Play.**"],
        ),
        (
            "<details><summary>W",
            "**Play.** `cargo xtask play pool/hand-over`\n\n<details><summary>W",
            &[],
        ),
        (
            "<!-- code: hand-over -->",
            "One.\n\nTwo.\n\n<!-- code: hand-over -->",
            &["README.md:38: a second paragraph above the code"],
        ),
    ]);
}

#[test]
fn what_answers_the_question_is_folded() {
    let (run, lanes) = (part("<!-- output", "<!-- lanes"), part("<!-- lanes", "<!-- legal"));
    let fold = part("<details><summary>What", "<!-- output");
    check(&[
        (
            &format!("{fold}{run}{lanes}"),
            &format!("{run}{lanes}{fold}"),
            &["62: answers the question before the reader has a guess", "71: answers the question"],
        ),
        ("**Run.**", "```text\nmain: x\n```\n\n**Run.**", &["58: answers the question"]),
        ("</details>\n\n## Python", "</details>\n\nSo.\n\n## Python", &["104: below </details>"]),
        ("why</summary>\n\n", "why</summary>\n", &["62: HTML that keeps the Markdown"]),
        ("What happens, and why", "Answer", &["62: HTML that keeps the Markdown"]),
    ]);
}

#[test]
fn a_scene_may_be_told_in_other_ways() {
    let (run, lanes) = (part("<!-- output", "<!-- lanes"), part("<!-- lanes", "<!-- legal"));
    let legal = part("<!-- legal", "**Why");
    let command = "`cargo run -p lesson-pool -- hand-over`";
    for (old, new) in [
        (run.as_str(), ""), // The lanes show a run.
        (&lanes, ""),
        (command, "`time cargo run -p lesson-pool -- hand-over --speed 5`"),
        (command, "\n\n```sh\ncargo run -p lesson-pool -- hand-over | cat\n```\n\n"),
    ] {
        let course = Course::with("pool");
        promise(&course, 10);
        course.edit(README, old, new);
        course.xtask(["tidy", "pool"]).success();
    }
    // With one legal order there is nothing to count.
    let course = Course::with("pool");
    course.edit(README, &legal, "");
    finds_in_pool(&course, &["`hand-over` lacks the number of legal outputs"]);
    let transcript = "lessons/pool/transcripts/hand-over.txt";
    course.edit(transcript, "worker | worker: begins", "main -> worker\nworker | worker: begins");
    course.xtask(["tidy", "pool", "--fix"]).success();
}

/// Adds a scene with all its parts, which plays the same function; its section is the first below `heading`.
fn add(course: &Course, scene: &str, heading: &str) {
    let copy = |file: &str| {
        let text = course.read(&format!("lessons/pool/{}", file.replace("SCENE", "hand-over")));
        course.write(
            &format!("lessons/pool/{}", file.replace("SCENE", scene)),
            &text.replace("lesson-pool hand-over", &format!("lesson-pool {scene}")),
        );
    };
    copy("transcripts/SCENE.txt");
    copy("broken/SCENE.late-join.patch");
    course.edit(MAIN, "&[(", &format!("&[(\"{scene}\", hand_over), ("));
    let section = part("### `hand-over`", "## Python").replace("hand-over", scene);
    course.edit(README, heading, &format!("{heading}\n\n{section}"));
}

#[test]
fn each_scene_has_its_place() {
    const MORE: &str = "## More scenes";
    let course = Course::with("pool");
    course.edit(README, "## Python", &format!("{MORE}\n\n## Python"));
    add(&course, "again", MORE);
    let order =
        "README.md:26: the scenes are not in the order of main.rs, which is again, hand-over:";
    finds(&course, &[order]);
    course.edit(MAIN, "(\"again\", hand_over), ", "");
    course.edit(MAIN, ")])", "), (\"again\", hand_over)])");
    course.edit(README, "-p lesson-pool -- again`", "-p lesson-pool -- again --speed 5`");
    course.xtask(["tidy"]).success();
    // A section about two scenes shows, plays and quotes both.
    course.edit(README, "### `again`:", "### `again` and `hand-over`:");
    finds(
        &course,
        &[
            "README.md:106: `hand-over` lacks the code",
            "README.md:106: `hand-over` lacks what the check says",
            "README.md:106: a second section about `hand-over`",
            "README.md:130: **Run.** does not play `hand-over`",
        ],
    );
    course.edit(README, "### `again` and `hand-over`:", "### `again`:");
    let other = ", `cargo run -p lesson-pool -- hand-over`";
    course.edit(README, "again --speed 5`", &format!("again`{other}"));
    finds(&course, &["-- hand-over` plays a scene of another section: correct it"]);
    course.edit(README, other, "");
    course.edit(README, "<!-- lanes: again -->", "<!-- lanes: hand-over -->");
    finds(&course, &["a block about `hand-over` in the section about `again`: move it"]);
}

#[test]
fn six_scenes_carry_a_chapter() {
    let course = Course::with("pool");
    promise(&course, 30);
    let heading = "planted.";
    for scene in ["f", "e", "d", "c", "b"] {
        add(&course, scene, heading);
    }
    finds_in_pool(&course, &[]);
    add(&course, "a", heading);
    let what = "README.md:26: 7 core scenes, at most 6: move some of them under `## More scenes`";
    finds_in_pool(&course, &[what]);
}
