//! Names that are the same in every run.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A thread, named by its birth: `0` is the program's main thread, `0.2` the second thread or child that it made, and
/// `0.2.1` the first one of that. The threads of a process count as made by its main thread. Numbers of processes
/// differ from run to run, these names do not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Vec<u32>);

impl Name {
    /// The program's main thread.
    pub(crate) fn leader() -> Self {
        Self(vec![0])
    }

    /// The thread or child that this one made after `earlier` others.
    pub(crate) fn child(&self, earlier: u32) -> Self {
        Self(self.0.iter().copied().chain([earlier + 1]).collect())
    }

    /// A thread whose maker is not known, since it had ended before anyone could look.
    pub(crate) fn orphan(earlier: u32) -> Self {
        Self(vec![earlier + 1])
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&numbers.join("."))
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        numbers.map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_by_birth() {
        let leader = Name::leader();
        let (second, tenth) = (leader.child(1), leader.child(9));
        assert!(leader < second && second < second.child(0) && second.child(0) < tenth);
        assert_eq!(tenth.child(0).to_string(), "0.10.1");
        let json = serde_json::to_string(&tenth).unwrap();
        assert_eq!(json, "\"0.10\"");
        assert_eq!(serde_json::from_str::<Name>(&json).unwrap(), tenth);
    }
}
