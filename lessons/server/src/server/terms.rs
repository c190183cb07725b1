//! What can be set?

/// The settings of a server.
pub(crate) struct Terms {
    /// For the designs with a fixed number of processes.
    pub(crate) processes: usize,
    /// For the designs with a fixed number of threads, in each process.
    pub(crate) threads: usize,
    /// How many lesson seconds a client has for a line, from the last answer until it has read the next one.
    pub(crate) timeout: f64,
    /// Called with each line that is answered.
    pub(crate) log: fn(&str),
}
