//! The order of the events, drawn.

use transcript::Timing;

use super::{FORK, parse};

#[test]
fn a_picture() {
    let expected = "\
parent                            child
│ parent 100: about to fork
├─────────────────────────────────▶
│ parent 100: forked 101          │
│                                 │ child 101: my parent is 100
◀─────────────────────────────────┤
│ parent 100: 101 exited with 7
";
    assert_eq!(parse(FORK).picture(96).to_string(), expected);
}

#[test]
fn a_picture_of_three() {
    let text = "a | 你好\na -> c\nb | b\nc | c\n---\na | end\nb | end\n";
    let expected = "\
a        b       c
│ 你好
├────────────────▶
│        │ b     │
│        │       │ c
╞════════╪═══════╡
│ end    │
         │ end
";
    assert_eq!(parse(text).picture(96).to_string(), expected);
}

#[test]
fn an_arrow_crosses_a_lane() {
    let expected = "\
a        b        c
│ one
│        │ two
├────────┼────────▶
│        │        │ three
│        ◀────────┤
│ five   │
         │ four
";
    let text = "a | one\nb | two\na -> c\nc | three\nc -> b\na | five\nb | four\n";
    assert_eq!(parse(text).picture(96).to_string(), expected);
}

#[test]
fn a_picture_fits_its_width() {
    let lanes = (0..12).map(|lane| format!("lane{lane} | says that it is number {lane}\n"));
    let unused = "lane11 | took {duration_of_all:secs} s\n";
    let text: String = lanes.collect::<String>() + "lane0 -> lane11\nlane11 | ends\n" + unused;
    let transcript = parse(&text);
    assert_eq!(transcript.lint().len(), 1);
    for width in [40, 60, 96, 200, 600] {
        for drawing in [transcript.picture(width), transcript.outline(width)] {
            let widest = drawing.to_string().lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(width), "{width}\n{drawing}");
        }
    }
    let listed = transcript.picture(40).to_string();
    assert!(listed.contains("lane1 | says that it is number 1\n"), "{listed}");
    assert!(listed.contains("\nlane0 -> lane11\n"), "{listed}");
}

#[test]
fn a_picture_of_many_events_shows_the_beginning() {
    let text: String =
        (0..1_000).map(|event| format!("a{} | event {event}\n", event % 5)).collect();
    let picture = parse(&text).picture(100).to_string();
    assert!(picture.ends_with("\n… 800 more lines left out …\n"), "{picture}");
    assert!(picture.lines().count() < 500);
}

#[test]
fn drawings_escape_what_a_terminal_would_obey() {
    let transcript = parse("a | one\n");
    let output = "one\u{1b}[2J\u{202e}\r\n";
    let drawing =
        transcript.drawing(output, &transcript.judge(output, Timing::Judged), 80).to_string();
    assert!(drawing.contains("one\\u{1b}[2J\\u{202e}\\r"), "{drawing}");
}
