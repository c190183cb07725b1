//! Can a program print what its transcript allows?
//!
//! If there are few orders, all of them are run. Otherwise some legal outputs that were not shown are chosen at random,
//! and runs are steered towards them: first among the usual orders, then also among those in which a thread pauses
//! after it has printed a line. Of an explored program, every schedule is known.
//!
//! Any of these runs may turn out to be illegal, though the attacks were not.

use std::collections::BTreeSet;
use std::time::Duration;

use explorer::Limits;
use orders::{All, Wanted};
use runner::{Choice, Direction, View};
use transcript::{Count, Transcript};

use super::illegal::Illegal;
use crate::directed::Direct;
use crate::exit::Result;
use crate::player::{Play, Player};
use crate::schedules::Explorer;
use crate::schedules::outcome::judge;
use crate::search::{Bounds, FirstFault, Search};
use crate::terminal::grouped;
use crate::unshown::unshown;

/// The most runs for every order.
const EVERY_ORDER: Bounds = Bounds { runs: 150, time: Duration::from_secs(12) };
/// The most runs that are steered in one kind of order, and how many of them towards one output.
const STEERED: Bounds = Bounds { runs: 40, time: Duration::from_secs(12) };
const TRIES: usize = 4;
/// The most legal outputs that are looked for: with runs, and in orders that are known.
const WANTED: usize = 20;
const LOOKED_UP: usize = 500;

/// How much a program can print of what its transcript allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Printable {
    /// Each legal output was shown.
    All,
    /// This many further legal outputs can be printed.
    Each { looked_for: usize },
    /// The runs have shown this many outputs, and some of those that were looked for. The example is one of the others;
    /// it is empty if none could be looked for.
    Some { shown: usize, reached: usize, looked_for: usize, example: Vec<String> },
    /// Every order that the director sees is known, and this output is printed in none of them.
    Unseen { shown: usize, example: Vec<String> },
    /// Every order is known, and this output is printed in none of them.
    Never { shown: usize, example: Vec<String> },
}

/// A legal output, and its shape.
type Legal = (Vec<String>, Vec<String>);

/// A run that was not legal, and where it could be steered.
pub(super) type Fault = (Direction, FirstFault);

/// Looks for the legal outputs that `search` has not shown. Adds the first illegal run in each further kind of order to
/// `faults`; one in the usual orders is for the caller to take from `search`.
pub(super) fn directed<D: Direct>(
    player: &Player,
    (transcript, legal): (&Transcript, Count),
    play: &Play,
    search: &mut Search<'_, D>,
    faults: &mut Vec<Fault>,
) -> Result<Printable> {
    let is_all = |shapes: &BTreeSet<_>| is_all((transcript, legal), shapes);
    let mut all = All::default();
    if !is_all(&search.shapes()) {
        search.extend(EVERY_ORDER);
        search.every_order(&mut all, |search| is_all(&search.shapes()))?;
    }
    let shapes = search.shapes();
    if is_all(&shapes) {
        return Ok(Printable::All);
    }
    let is_complete = all.is_complete();
    let most = if is_complete { LOOKED_UP } else { WANTED };
    let mut missing = different(unshown(transcript, &shapes), most);
    let looked_for = missing.len();
    if looked_for == 0 {
        // It is hard to find a legal output at all.
        let shown = shapes.len();
        return Ok(Printable::Some { shown, reached: 0, looked_for, example: Vec::new() });
    }
    if is_complete {
        look_up(&all, &mut missing);
        return Ok(match missing.first() {
            None => Printable::Each { looked_for },
            Some(_) => look_further(player, transcript, play, (missing, shapes.len()), faults)?,
        });
    }
    search.extend(STEERED);
    steer(search, &mut missing)?;
    let late = late();
    let mut further = Search::new(transcript, in_orders(player, play, &late), STEERED);
    steer(&mut further, &mut missing)?;
    faults.extend(further.take_first_fault().map(|fault| (late.clone(), fault)));
    let shapes: BTreeSet<_> = search.shapes().union(&further.shapes()).cloned().collect();
    Ok(match missing.first() {
        _ if is_all(&shapes) => Printable::All,
        None => Printable::Each { looked_for },
        Some((example, _)) => Printable::Some {
            shown: shapes.len(),
            reached: looked_for - missing.len(),
            looked_for,
            example: example.clone(),
        },
    })
}

/// Looks among more orders for outputs that none has printed: first a thread may also pause after it has printed a
/// line, then a timeout may also end at any time.
fn look_further(
    player: &Player,
    transcript: &Transcript,
    play: &Play,
    (mut missing, shown): (Vec<Legal>, usize),
    faults: &mut Vec<Fault>,
) -> Result<Printable> {
    let looked_for = missing.len();
    let mut is_known = false;
    for direction in [late(), Direction { early_timeouts: true, ..late() }] {
        let mut search = Search::new(transcript, in_orders(player, play, &direction), EVERY_ORDER);
        let mut all = All::default();
        search.every_order(&mut all, |_| false)?;
        faults.extend(search.take_first_fault().map(|fault| (direction.clone(), fault)));
        is_known = all.is_complete() && !search.has_threads();
        look_up(&all, &mut missing);
        if missing.is_empty() {
            return Ok(Printable::Each { looked_for });
        }
    }
    let example = missing.swap_remove(0).0;
    Ok(match is_known {
        true => Printable::Never { shown, example },
        false => Printable::Unseen { shown, example },
    })
}

/// Where a run can be steered in which a thread may also pause after it has printed a line.
fn late() -> Direction {
    Direction { returns: true, ..Direction::default() }
}

/// What plays the scene once, with the choices that `direction` offers.
fn in_orders(player: &Player, play: &Play, direction: &Direction) -> impl Direct {
    move |choose: &mut dyn FnMut(&View<'_>) -> Choice| player.direct_with(play, direction, choose)
}

/// Forgets the outputs that steered runs have shown.
fn steer<D: Direct>(search: &mut Search<'_, D>, missing: &mut Vec<Legal>) -> Result<()> {
    for (_, shape) in missing.iter() {
        search.steer(shape, TRIES)?;
    }
    let shapes = search.shapes();
    missing.retain(|(_, shape)| !shapes.contains(shape));
    Ok(())
}

/// Whether these are the shapes of all legal outputs. If a time is wrong, a run may have another shape, so counting is
/// not enough.
fn is_all((transcript, legal): (&Transcript, Count), shapes: &BTreeSet<Vec<String>>) -> bool {
    matches!(legal, Count::Exactly(legal) if legal <= shapes.len() as u128)
        && (!transcript.claims_time() || unshown(transcript, shapes).next().is_none())
}

/// Outputs with different shapes.
fn different(outputs: impl Iterator<Item = Legal>, most: usize) -> Vec<Legal> {
    let mut shapes = BTreeSet::new();
    outputs.filter(|(_, shape)| shapes.insert(shape.clone())).take(most).collect()
}

/// Forgets the outputs that are printed on some path through the states.
fn look_up(all: &All, missing: &mut Vec<Legal>) {
    let wanted: Vec<Wanted> = missing.iter().map(|(_, shape)| Wanted::new(shape)).collect();
    let mut found = all.find(&wanted).into_iter();
    missing.retain(|_| found.next().flatten().is_none());
}

/// The same for an explored program. None if there are too many schedules.
pub(super) fn explored(
    explorer: &Explorer,
    scene: &str,
    (transcript, legal): (&Transcript, Count),
) -> Result<Option<std::result::Result<Printable, Illegal>>> {
    let report = explorer.explore(Limits::default())?;
    let mut shapes = BTreeSet::new();
    for outcome in &report.outcomes {
        match judge(transcript, outcome) {
            Ok(shape) => _ = shapes.insert(shape),
            Err(fault) => return Ok(Some(Err(Illegal::explored(scene, outcome, &fault)))),
        }
    }
    if report.incomplete.is_some() {
        return Ok(None);
    }
    if is_all((transcript, legal), &shapes) {
        return Ok(Some(Ok(Printable::All)));
    }
    let example = unshown(transcript, &shapes).next();
    Ok(example.map(|(example, _)| Ok(Printable::Never { shown: shapes.len(), example })))
}

impl Printable {
    /// `all 140 outputs`, where `legal` is their number.
    pub(super) fn sentence(&self, legal: Count) -> String {
        let outputs = match legal {
            Count::Unbounded | Count::Uncounted => format!("{legal} of outputs"),
            _ => format!("{legal} outputs"),
        };
        let shown = |shown: &usize| format!("{} of {outputs}", grouped(*shown as u128));
        match self {
            Self::All if legal == Count::Exactly(1) => "the one legal output".to_owned(),
            Self::All => format!("all {outputs}"),
            Self::Each { looked_for } => {
                format!("each of {looked_for} that were tried, of {outputs}")
            }
            Self::Some { shown: some, looked_for: 0, .. } => shown(some),
            Self::Some { shown: some, reached, looked_for, .. } => {
                format!("{}, and {reached} of {looked_for} that were tried", shown(some))
            }
            Self::Unseen { shown: some, .. } | Self::Never { shown: some, .. } => {
                format!("{} in every order", shown(some))
            }
        }
    }
}
