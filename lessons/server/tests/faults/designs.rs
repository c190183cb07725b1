//! A test for each design.

/// Makes a test of this function for each design. The second number is how many clients the design serves at a time.
#[macro_export]
macro_rules! for_each_design {
    ($($fault:ident),* $(,)?) => { $(
        mod $fault {
            use super::$fault as fault;
            use $crate::designs::Design;

            #[test]
            fn one_at_a_time() {
                fault(Design { name: "one-at-a-time", room: 1 });
            }
            #[test]
            fn fork_per_connection() {
                fault(Design { name: "fork-per-connection", room: usize::MAX });
            }
            #[test]
            fn prefork() {
                fault(Design { name: "prefork", room: 2 });
            }
            #[test]
            fn thread_per_connection() {
                fault(Design { name: "thread-per-connection", room: usize::MAX });
            }
            #[test]
            fn thread_pool() {
                fault(Design { name: "thread-pool", room: 2 });
            }
            #[test]
            fn processes_and_threads() {
                fault(Design { name: "processes-and-threads", room: 4 });
            }
            #[test]
            fn event_loop() {
                fault(Design { name: "event-loop", room: usize::MAX });
            }
        }
    )* };
}

/// A design under test.
#[derive(Clone, Copy)]
pub(crate) struct Design {
    pub(crate) name: &'static str,
    /// How many clients it serves at the same time.
    pub(crate) room: usize,
}
