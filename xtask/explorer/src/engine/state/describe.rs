//! What threads do, hold and want, in words.

use super::State;
use super::names;
use crate::engine::objects::Named;
use crate::engine::objects::channel::Channel;
use crate::engine::objects::lock::Lock;
use crate::engine::op::{Id, Op, Point};
use crate::report::{Blocked, Held, ThreadStatus};

impl State {
    /// What the program calls the thread, or `main`, or its number.
    pub(crate) fn thread_name(&self, thread: usize) -> String {
        match (self.threads[thread].name(), thread) {
            (Some(name), _) => name.to_owned(),
            (None, 0) => "main".to_owned(),
            (None, number) => format!("thread {number}"),
        }
    }

    /// What the source calls the object, such as `lock a`, or `lock 2` if the source does not name it.
    pub(crate) fn object_name(&self, id: Id) -> String {
        let Some(object) = self.objects.get(id) else { return String::new() };
        let name = names::name(object.made());
        let alike = self.objects.iter();
        let alike = alike.filter(|(_, other)| {
            other.kind() == object.kind() && names::name(other.made()) == name
        });
        let alike: Vec<Id> = alike.map(|(other, _)| other).collect();
        let position = alike.iter().position(|other| *other == id).map_or(0, |index| index + 1);
        let (kind, is_one) = (object.kind(), alike.len() == 1);
        match name {
            Some(name) if is_one && kind == "atomic" => name,
            Some(name) if is_one => format!("{kind} {name}"),
            Some(name) if kind == "atomic" => format!("{name} {position}"),
            Some(name) => format!("{kind} {name} {position}"),
            None if is_one => format!("the {kind}"),
            None => format!("{kind} {position}"),
        }
    }

    /// Every thread that has not ended, and what it waits for.
    pub(crate) fn blocked(&self) -> Vec<Blocked> {
        let waiting = (0..self.threads.len()).filter(|thread| !self.threads[*thread].has_ended());
        let blocked = waiting.map(|thread| Blocked {
            thread: self.thread_name(thread),
            line: self.threads[thread].next().at.line(),
            wants: self.wants(thread),
            waits_for: self.waits_for(thread),
            holds: self.holds(thread),
        });
        blocked.collect()
    }

    /// The threads that cannot go on or are held back, and what each waits for.
    pub(crate) fn waiting(&self, is_held_back: impl Fn(usize) -> bool) -> Vec<(u32, String)> {
        let left = (0..self.threads.len()).filter(|thread| !self.threads[*thread].has_ended());
        let waiting = left.filter_map(|thread| {
            let wants = match self.is_enabled(thread) {
                true if is_held_back(thread) => "another thread to act".to_owned(),
                true => return None,
                false => self.wants(thread),
            };
            Some((thread as u32, wants))
        });
        waiting.collect()
    }

    /// Where every thread is.
    pub(crate) fn thread_statuses(&self) -> Vec<ThreadStatus> {
        let all = self.threads.iter().enumerate();
        let statuses = all.map(|(number, thread)| ThreadStatus {
            thread: self.thread_name(number),
            line: thread.next().at.line(),
            next: match (thread.has_ended(), self.is_enabled(number)) {
                (true, _) => String::new(),
                (false, true) => self.does(number),
                (false, false) => self.wants(number),
            },
            prints: (thread.next().op == Op::Print && !thread.has_ended())
                .then(|| thread.text().to_owned()),
            can_go_on: !thread.has_ended() && self.is_enabled(number),
            has_ended: thread.has_ended(),
            waits_for: if thread.has_ended() { Vec::new() } else { self.waits_for(number) },
            holds: self.holds(number),
        });
        statuses.collect()
    }

    /// What the thread does next, such as `take lock b`.
    fn does(&self, thread: usize) -> String {
        let Point { op, object, .. } = self.threads[thread].next();
        let fullness = || self.fullness(object);
        let object = || self.object_name(object);
        match op {
            Op::Start => "start".to_owned(),
            Op::Exit => "end the process".to_owned(),
            Op::Print => "print".to_owned(),
            Op::Load => format!("read {}", object()),
            Op::Store => format!("write {} to {}", self.threads[thread].stored(), object()),
            Op::Update => format!("read and write {}", object()),
            Op::Fence => "pass a fence".to_owned(),
            Op::Lock | Op::LockShared => format!("take {}", object()),
            Op::TryLock | Op::TryLockShared => format!("try to take {}", object()),
            Op::Unlock => format!("release {}", object()),
            Op::Wait => format!("wait in {}", object()),
            Op::Asleep { .. } => format!("stop waiting in {}", object()),
            Op::Notify => format!("notify {}", object()),
            Op::Send | Op::TrySend => format!("send to {}{}", object(), fullness()),
            Op::Offered(_) => format!("see its message received from {}", object()),
            Op::Come => format!("come for a message from {}", object()),
            Op::Receive { .. } => format!("receive from {}{}", object(), fullness()),
            Op::TryReceive => format!("try to receive from {}{}", object(), fullness()),
            Op::Close => format!("close its end of {}", object()),
            Op::Park { .. } => "go on from its park".to_owned(),
            Op::Unpark => "unpark a thread".to_owned(),
            Op::Arrive => format!("arrive at {}", object()),
            Op::Pass(_) => format!("go on from {}", object()),
            Op::Once | Op::Done => format!("initialise {}", object()),
            Op::Look => format!("look at {}", object()),
            Op::Join(other) => format!("join {}", self.thread_name(other)),
            Op::EndScope => "leave its scope".to_owned(),
        }
    }

    /// What is in a channel, such as ` (1 of 2 places taken)`.
    fn fullness(&self, object: Id) -> String {
        let channel = self.objects.get(object).and_then(Named::as_channel);
        channel
            .and_then(Channel::fullness)
            .map_or(String::new(), |fullness| format!(" ({fullness})"))
    }

    /// What the thread waits for, such as `lock b`.
    fn wants(&self, thread: usize) -> String {
        let Point { op, object, .. } = self.threads[thread].next();
        let object = || self.object_name(object);
        match op {
            Op::Lock | Op::LockShared | Op::Once => object(),
            Op::Asleep { .. } => format!("a notification of {}", object()),
            Op::Send => format!("a place in {}", object()),
            Op::Offered(_) => format!("a receiver of its message in {}", object()),
            Op::Receive { .. } => format!("a message from {}", object()),
            Op::Park { .. } => "an unpark".to_owned(),
            Op::Pass(_) => format!("others at {}", object()),
            Op::Join(other) => format!("the end of {}", self.thread_name(other)),
            Op::EndScope => "the end of its scope's threads".to_owned(),
            _ => format!("its turn to {}", self.does(thread)),
        }
    }

    /// The threads that hold what this one wants, or whose end it waits for.
    fn waits_for(&self, thread: usize) -> Vec<String> {
        if self.is_satisfied(thread) {
            return Vec::new();
        }
        let Point { op, object, .. } = self.threads[thread].next();
        let running = |scope: Id| {
            let threads = self.threads.iter().enumerate();
            let running = threads
                .filter(move |(_, thread)| thread.scope() == Some(scope) && !thread.has_ended());
            running.map(|(number, _)| number).collect()
        };
        let others: Vec<usize> = match op {
            Op::Join(other) => vec![other],
            Op::EndScope => running(object),
            _ => self.objects.get(object).map_or(Vec::new(), Named::holders),
        };
        others.into_iter().map(|other| self.thread_name(other)).collect()
    }

    fn holds(&self, thread: usize) -> Vec<Held> {
        let mut held = Vec::new();
        for (id, object) in self.objects.iter() {
            let holders = object.as_lock().into_iter().flat_map(Lock::holders);
            let own = holders.filter(|holder| holder.thread == thread);
            held.extend(
                own.map(|holder| Held { lock: self.object_name(id), line: holder.at.line() }),
            );
        }
        held
    }
}
