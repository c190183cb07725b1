//! `tidy` on the content of a chapter's text: its minutes, its links, the runs that it shows.

use super::form::{part, promise};
use super::tidy::{README, finds, finds_in_pool};
use crate::course::{Course, holds, stderr, stdout};

#[test]
fn minutes_are_honest() {
    let words = "word ".repeat(200);
    // 486 words and a scene; some of the added words count.
    for (old, new, least) in [
        ("## In the real world", format!("## In the real world\n\n{words}"), 7),
        ("Either may.", format!("Either may. {words}"), 7),
        ("## Python", format!("## More scenes\n\n{words}\n\n## Python"), 6),
        ("## Read next", format!("```\n{words}\n```\n\n## Read next"), 6),
        ("## Read next", format!("<!-- one\n{words} -->\n\n## Read next"), 6),
    ] {
        let course = Course::with("pool");
        course.edit(README, old, &new);
        promise(&course, least);
        finds_in_pool(&course, &[]);
        course.edit("lessons/pool/Cargo.toml", "minutes = ", "minutes = 1 # ");
        let what = format!("pool/Cargo.toml:11: {least} minutes at least");
        finds_in_pool(&course, &[&what]);
    }
    let course = Course::with("pool");
    promise(&course, 45);
    finds_in_pool(&course, &[]);
    course.edit("lessons/pool/Cargo.toml", "minutes = 45", "minutes = 46");
    finds_in_pool(&course, &["pool/Cargo.toml:11: 46 minutes, at most 45: cut the chapter"]);
    let course = Course::with("pool");
    course.edit(
        README,
        "## In the real world",
        &format!("## In the real world\n\n{}", words.repeat(40)),
    );
    finds_in_pool(&course, &["46 minutes, at most 45"]);
}

#[test]
fn links_lead_to_files_and_headings() {
    for (target, what) in [
        ("src/mian.rs", "the link to src/mian.rs leads nowhere"),
        ("../pool", "the link to ../pool leads to a folder: link to ../pool/README.md"),
        ("broken/", "the link to broken/ leads to a folder: link to a file in it"),
        ("/src/main.rs", "the link to /src/main.rs begins at the root of the disk"),
        ("../../../x.md", "the link to ../../../x.md leaves the repository"),
        ("src/main.rs#L7", "the link to src/main.rs#L7 names a place in a file that will change"),
        ("#the-ideas", "the link to #the-ideas leads to no heading"),
        ("../../README.md#a-curse", "the link to ../../README.md#a-curse leads to no heading"),
    ] {
        let course = Course::with("pool");
        course.edit(README, "no other chapter", &format!("no [other]({target}) chapter"));
        finds_in_pool(&course, &[&format!("lessons/pool/README.md:6: {what}")]);
    }
    let course = Course::with("pool");
    let links = "[a](#the-idea) [b](../../README.md#a-course) [c](./src/main.rs) [d](mailto:a@b.c)";
    course.edit(README, "no other chapter", &format!("no other chapter {links} `[e](f)`"));
    course.write("notes.md", "# Notes\n\n[here](lessons/pool/README.md)\n[there](gone.md)\n");
    finds(&course, &["notes.md:4: the link to gone.md leads nowhere"]);
}

#[test]
fn what_to_read_next_is_linked() {
    let course = Course::with("pool");
    course.edit(README, "- [`JoinHandle`]", "- `lessons/pool/src/main.rs`\n- [`JoinHandle`]");
    let link = "[`lessons/pool/src/main.rs`](../../lessons/pool/src/main.rs)";
    finds_in_pool(&course, &[&format!("README.md:124: not a link: write {link}")]);
    let course = Course::with("pool");
    course.edit(README, &part("- [`JoinHandle`]", "## Three"), "- The manual.\n\n");
    finds_in_pool(&course, &["README.md:122: no link"]);
}

#[test]
fn a_run_that_a_person_has_pasted_is_legal() {
    let (run, lanes) = (part("<!-- output", "<!-- lanes"), part("<!-- lanes", "<!-- legal"));
    let generated = format!("{run}{lanes}");
    let good = "worker: begins\nmain: started a worker\nworker: ends\nmain: the worker is done";
    let late = "main: started a worker\nworker: begins\nmain: the worker is done\nworker: ends";
    let odd = "main: started a worker\nworker: begins\nworker: stops\nmain: the worker is done";
    let cases: &[(&str, &str, &[&str])] = &[
        ("One run:", good, &[]),
        ("All goes well. One run,\nwith two processors:", good, &[]),
        (
            "One run:",
            late,
            &["README.md:69: lessons/pool/transcripts/hand-over.txt does not allow"],
        ),
        ("One run:", odd, &["not allow this run: STRAY no lane can print \"worker: stops\""]),
        ("One run:", "main: started a worker", &["not allow this run: MISSING"]),
        ("One run with `--speed 5`:", late, &[]),
        (
            "One run with `--speed 6`:",
            good,
            &["64: no transcript of `hand-over` begins with `$ lesson-pool hand-over --speed 6`"],
        ),
        ("It prints:", good, &["`hand-over` lacks one run"]),
    ];
    for (line, output, parts) in cases {
        let course = Course::with("pool");
        promise(&course, 10);
        let text = course.read("lessons/pool/transcripts/hand-over.txt");
        let any = text.replace("hand-over", "hand-over --speed 5").replace("worker -> main\n", "");
        course.write("lessons/pool/transcripts/hand-over.five.txt", &any);
        course.edit(README, &generated, &format!("{line}\n\n```text\n{output}\n```\n\n"));
        finds_in_pool(&course, parts);
    }
}

#[test]
fn a_run_is_judged_by_the_only_transcript_that_has_its_options() {
    let output = part("<!-- output", "<!-- lanes");
    let run = "worker: begins\nmain: started a worker\nworker: ends\nmain: the worker is done";
    for (line, commands, parts) in [
        ("One run:", &["hand-over --size 9"][..], &[][..]),
        ("One run with `--speed 5`:", &["hand-over", "hand-over --speed 5 --size 9"], &[]),
        ("One run with `--speed 5`:", &["hand-over --size 9 --speed 5"], &[]),
        ("One run with `--speed 5`:", &["hand-over --speed 50"], &["64: no transcript of"]),
        (
            "One run:",
            &["hand-over --speed 5", "hand-over --size 9"],
            &[
                "64: 2 transcripts of `hand-over` fit `$ lesson-pool hand-over`: name the options of one",
            ],
        ),
    ] {
        let course = Course::with("pool");
        promise(&course, 10);
        let text = course.read("lessons/pool/transcripts/hand-over.txt");
        for (command, file) in commands.iter().zip(["hand-over.txt", "hand-over.other.txt"]) {
            let file = format!("lessons/pool/transcripts/{file}");
            course.write(&file, &text.replacen("hand-over", command, 1));
        }
        course.edit(README, &output, &format!("{line}\n\n```text\n{run}\n```\n\n"));
        finds_in_pool(&course, parts);
    }
}

#[test]
fn a_command_in_a_text_works() {
    for (command, what) in [
        ("`cargo xtask chekc pool`", "unrecognized subcommand 'chekc'"),
        ("`cargo xtask check pool --runz 3`", "unexpected argument '--runz' found"),
        ("`cargo xtask check pol`", "no chapter is called `pol`; did you mean `pool`?"),
        ("`time cargo xtask run pool/hand`", "no scene of pool is called `hand`"),
        ("`cargo xtask read pool/hand`", "no scene of pool is called `hand`"),
        ("`cargo xtask show pool/refused/join`", "no refused snippet of pool is called `join`"),
        ("`cargo xtask break pool/hand-over late`", "no flaw of pool/hand-over is called `late`"),
        ("`cargo xtask orders pool/hand`", "no scene of pool is called `hand`"),
        ("`cargo xtask replay pool/hand 0,1`", "no scene of pool is called `hand`"),
        ("`cargo xtask play pool/hand --goal \"a -> b\"`", "no scene of pool is called `hand`"),
        ("`cargo xtask play pool/hand-over --goal a -> b`", "unexpected argument '->' found"),
        ("`cargo run -p lesson-pol`", "no chapter is called `pol`; did you mean `pool`?"),
        ("`cargo run -p lesson-pool -- hand | cat`", "no scene of pool is called `hand`"),
        ("these:\n\n```sh\ncargo xtask check pol # x\n```\n", "no chapter is called `pol`"),
    ] {
        let course = Course::with("pool");
        course.edit(README, "You need no other", &format!("You need {command} no other"));
        let line = if command.contains("```") { 9 } else { 6 };
        finds_in_pool(&course, &[&format!("README.md:{line}: `")]);
        holds(&stdout(&course.xtask(["tidy", "pool"]).code(1)), what);
        course.write("README.md", &format!("{command}\n\n<!-- lessons -->\n<!-- end -->\n"));
        course.xtask(["tidy", "--fix"]).code(1);
        holds(&stdout(&course.xtask(["tidy"]).code(1)), what);
    }
    let course = Course::with("pool");
    let commands = "`cargo xtask check pool/hand-over --runs 2 > x` `cargo xtask break pool/hand-over` \
                    `cargo run -p lesson-pool -- --speed 5` `cargo xtask restore` \
                    `cargo xtask play pool/hand-over --goal \"worker: ends -> main: started\"`";
    course.edit(README, "You need no other", &format!("You need {commands} no other"));
    finds_in_pool(&course, &[]);
}

#[test]
fn one_chapter_can_be_tidied_alone() {
    const FORK: &str = "lessons/fork/README.md";
    let course = Course::with("pool");
    course.xtask(["new", "fork", "Why?"]).success();
    for page in [README, FORK] {
        course.edit(page, "3 legal outputs", "4 legal outputs");
    }
    course.write("tools/x", "");
    finds_in_pool(&course, &["lessons/pool/README.md:84: stale"]);
    let stale = course.read(FORK);
    course.xtask(["tidy", "pool", "--fix"]).success();
    assert_eq!(course.read(FORK), stale);
    holds(
        &stdout(&course.xtask(["tidy", "fork", "pool"]).code(1)),
        "lessons/fork/README.md:84: stale",
    );
    holds(&stderr(&course.xtask(["tidy", "pol"]).code(2)), "did you mean `pool`?");
}
