//! Bless never guesses: random small transcripts, with runs whose true rewording is known, in all orders of their
//! lines.

use std::collections::BTreeSet;

use arbitrary::{Result, Unstructured};
use transcript::{Blessed, Timing, Transcript, Verdict};

const WORDS: [&str; 4] = ["red", "blue", "one", "two"];
const NEW: [&str; 4] = ["green", "gold", "one", "blue"];

/// A part of an event's text.
#[derive(Clone)]
enum Part {
    Word(&'static str),
    /// A hole that binds its variable here, or one that repeats it.
    Hole {
        variable: usize,
        binds: bool,
    },
}

struct Scene {
    text: String,
    events: Vec<Vec<Part>>,
    /// The same events, with the program's new wording.
    truth: Vec<Vec<Part>>,
    values: Vec<String>,
}

impl Scene {
    fn random(u: &mut Unstructured<'_>) -> Result<Scene> {
        let mut scene = Scene {
            text: String::new(),
            events: Vec::new(),
            truth: Vec::new(),
            values: Vec::new(),
        };
        for _ in 0..u.int_in_range(1..=4)? {
            let lane = *u.choose(&["a", "b", "c"])?;
            let text = scene.event(u)?;
            scene.text.push_str(&format!("{lane} | {text}\n"));
            if u.ratio(1, 4)? {
                scene.text.push_str("---\n");
            }
        }
        while scene.text.ends_with("---\n") {
            scene.text.truncate(scene.text.len() - 4);
        }
        if u.ratio(1, 3)? {
            let quote = u.choose(&["red", "blue", "red one", "two"])?;
            let limit = u.int_in_range(1..=2)?;
            let other = u.choose(&["", " - \"one\"", " - \"blue\""])?;
            scene.text.push_str(&format!("always \"{quote}\"{other} <= {limit}\n"));
        }
        for event in &scene.events {
            let mut parts = event.clone();
            if u.ratio(1, 2)? {
                let at = u.choose_index(parts.len())?;
                match u.int_in_range(0..=3)? {
                    0 => parts.insert(at, Part::Word(u.choose(&NEW)?)),
                    1 if matches!(parts[at], Part::Word(_)) && parts.len() > 2 => {
                        parts.remove(at);
                    }
                    _ if matches!(parts[at], Part::Word(_)) => {
                        parts[at] = Part::Word(u.choose(&NEW)?);
                    }
                    _ => {}
                }
            }
            scene.truth.push(parts);
        }
        Ok(scene)
    }

    /// A new event, and its text in the file.
    fn event(&mut self, u: &mut Unstructured<'_>) -> Result<String> {
        let mut parts = Vec::new();
        let mut text = Vec::new();
        for _ in 0..u.int_in_range(3..=4)? {
            if u.ratio(3, 4)? {
                let word = *u.choose(&WORDS)?;
                parts.push(Part::Word(word));
                text.push(word.to_owned());
                continue;
            }
            let variable = u.int_in_range(0..=self.values.len())?;
            let binds = variable == self.values.len();
            if binds {
                self.values.push((10 + variable).to_string());
                text.push(format!("{{v{variable}:pid}}"));
            } else {
                text.push(format!("{{v{variable}}}"));
            }
            parts.push(Part::Hole { variable, binds });
        }
        self.events.push(parts);
        Ok(text.join(" "))
    }

    fn line(&self, parts: &[Part]) -> String {
        let word = |part: &Part| match part {
            Part::Word(word) => *word,
            Part::Hole { variable, .. } => self.values[*variable].as_str(),
        };
        parts.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    fn output(&self, events: &[Vec<Part>], order: &[usize]) -> String {
        order.iter().map(|&event| self.line(&events[event]) + "\n").collect()
    }

    /// An event as the file writes it.
    fn written(parts: &[Part]) -> String {
        let word = |part: &Part| match part {
            Part::Word(word) => (*word).to_owned(),
            Part::Hole { variable, binds: true } => format!("{{v{variable}:pid}}"),
            Part::Hole { variable, .. } => format!("{{v{variable}}}"),
        };
        parts.iter().map(word).collect::<Vec<_>>().join(" ")
    }
}

fn accepts(transcript: &Transcript, output: &str) -> bool {
    matches!(transcript.judge(output, Timing::Judged), Verdict::Accepted(_))
}

fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let longer = |order: Vec<usize>| {
        (0..count).map(move |at| {
            let mut order = order.clone();
            order.insert(at, count - 1);
            order
        })
    };
    orders(count - 1).into_iter().flat_map(longer).collect()
}

/// The texts of the file's event lines, after the bar.
fn event_texts(text: &str) -> Vec<String> {
    let events = text.lines().filter_map(|line| line.split_once(" | "));
    events.map(|(_, text)| text.to_owned()).collect()
}

fn check(scene: &Scene, transcript: &Transcript, order: &[usize], blessed: &Blessed) {
    let output = scene.output(&scene.truth, order);
    let told = || format!("{}\n{output}\n{blessed:#?}", scene.text);
    let new =
        Transcript::parse("new.txt", &blessed.text).unwrap_or_else(|e| panic!("{e}\n{}", told()));
    assert_eq!(accepts(&new, &output), blessed.refused.is_empty(), "{}", told());
    let texts = event_texts(&blessed.text);
    // A line that equals another event's old text is taken for that event.
    let old: Vec<String> = scene.events.iter().map(|event| scene.line(event)).collect();
    let moved = |event: &usize| {
        let now = scene.line(&scene.truth[*event]);
        now != old[*event] && old.contains(&now)
    };
    let disguised = (0..scene.events.len()).any(|event| moved(&event));
    let mut reworded: Vec<Vec<Part>> = Vec::new();
    for (event, text) in texts.iter().enumerate() {
        let (old, true_text) =
            (Scene::written(&scene.events[event]), Scene::written(&scene.truth[event]));
        let known = if *text == true_text { &scene.truth[event] } else { &scene.events[event] };
        assert!(*text == old || *text == true_text || disguised, "a guess: {text}\n{}", told());
        reworded.push(known.clone());
    }
    if disguised {
        return;
    }
    // Compared as texts: two events may have the same text now.
    let (mut legal, mut accepted) = (BTreeSet::new(), BTreeSet::new());
    for order in orders(scene.events.len()) {
        let (before, after) =
            (scene.output(&scene.events, &order), scene.output(&reworded, &order));
        if accepts(transcript, &before) {
            legal.insert(after.clone());
        }
        if accepts(&new, &after) {
            accepted.insert(after);
        }
    }
    assert_eq!(legal, accepted, "{}", told());
}

/// Tries scenes made from this many seeds, the same ones each time.
fn each(seeds: u64, mut test: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    for seed in 0..seeds {
        let mut bytes = vec![0; 512];
        fastrand::Rng::with_seed(seed).fill(&mut bytes);
        test(&mut Unstructured::new(&bytes)).expect("enough bytes for a scene");
    }
}

#[test]
fn a_blessed_transcript_accepts_what_the_old_one_did_up_to_the_rewording() {
    let (mut rewritten, mut refused, mut rules) = (0, 0, 0);
    each(1_500, |u| {
        let scene = Scene::random(u)?;
        let Ok(transcript) = Transcript::parse("random.txt", &scene.text) else {
            // Two holes touch, or this transcript cannot have this rule.
            return Ok(());
        };
        let legal = |order: &Vec<usize>| accepts(&transcript, &scene.output(&scene.events, order));
        let legal: Vec<Vec<usize>> = orders(scene.events.len()).into_iter().filter(legal).collect();
        let Some(order) = legal.get(u.choose_index(legal.len().max(1))?) else { return Ok(()) };
        let blessed = transcript.bless(&scene.output(&scene.truth, order));
        check(&scene, &transcript, order, &blessed);
        rewritten += usize::from(!blessed.changed.is_empty());
        refused += usize::from(!blessed.refused.is_empty());
        let rule =
            |text: &str| text.lines().find(|line| line.starts_with("always")).map(str::to_owned);
        rules += usize::from(rule(&blessed.text) != rule(&scene.text));
        Ok(())
    });
    assert!(
        rewritten > 500 && refused > 50 && rules > 5,
        "{rewritten} rewritten, {refused} refused, {rules} rules say little"
    );
}
