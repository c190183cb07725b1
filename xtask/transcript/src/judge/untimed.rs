//! What is left of a transcript if the machine stalled.

use std::collections::BTreeSet;

use crate::model::{Order, Transcript};

/// The transcript without its claims about time.
///
/// Rules marked `timing` are gone. An event marked `timing` must still occur, at any time: it is alone in a lane, to
/// which no arrow leads, and the values that it binds have no bounds.
pub(crate) fn untimed(transcript: &Transcript) -> Transcript {
    let mut untimed = transcript.clone();
    untimed.rules.retain(|rule| !rule.timing);
    let mut bound_above = BTreeSet::new();
    for index in 0..untimed.events.len() {
        let variables: Vec<usize> = untimed.variables_of(index).collect();
        let event = &mut untimed.events[index];
        if event.timing {
            untimed.lanes.push(untimed.lanes[event.lane].clone());
            event.lane = untimed.lanes.len() - 1;
            for variable in variables.iter().filter(|variable| !bound_above.contains(*variable)) {
                untimed.variables[*variable].bound = None;
            }
        }
        bound_above.extend(variables);
    }
    let lane_of = untimed.events.iter().map(|event| event.lane).collect();
    untimed.order = Order::new(untimed.lanes.len(), lane_of, &untimed.arrows);
    untimed
}
