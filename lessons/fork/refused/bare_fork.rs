// error[E0133]
// os.fork() may be called beside other threads, and the child may hang. nix's fork is unsafe for that reason:
// whoever calls it must make sure that there is one thread. shared::fork looks.

fn main() {
    let _ = nix::unistd::fork();
}
