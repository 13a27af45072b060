import ApusIO
import CLinux
import Glibc

extension ChildProcess.Plan {
  /// Why there is no child, as a person can act on it.
  func failure(_ result: apus_spawn_result) -> SystemError {
    let (code, step) = (result.error, result.step)
    let subject: String
    switch step {
    case APUS_STEP_DIRECTORY: subject = directoryOfPath
    case APUS_STEP_ROOT: subject = isolation?.operationText(at: result.detail) ?? path
    case APUS_STEP_LANDLOCK: subject = isolation?.ruleText(at: result.detail) ?? path
    default: subject = path
    }
    return SystemError(
      code, ChildProcess.phrase(step), subject, advice: ChildProcess.advice(code, step))
  }
}

extension ChildProcess {
  static func phrase(_ step: apus_spawn_step) -> String {
    switch step {
    case APUS_STEP_CLONE: "make a process for"
    case APUS_STEP_GROUP: "make a process group for"
    case APUS_STEP_DEATH_SIGNAL: "tie to this process"
    case APUS_STEP_DESCRIPTORS: "hand descriptors to"
    case APUS_STEP_LIMITS: "set the resource limits of"
    case APUS_STEP_DIRECTORY: "enter"
    case APUS_STEP_CGROUP: "put into its cgroup"
    case APUS_STEP_USERS: "map the user of"
    case APUS_STEP_PRIVATE_MOUNTS: "part the mounts of"
    case APUS_STEP_ROOT: "build a root:"
    case APUS_STEP_CHANGE_ROOT: "change the root of"
    case APUS_STEP_HOST_NAME: "name the host of"
    case APUS_STEP_NETWORK: "enter the network made for"
    case APUS_STEP_LOOPBACK: "bring up the loopback of"
    case APUS_STEP_IDS: "change the user of"
    case APUS_STEP_CAPABILITIES: "drop the capabilities of"
    case APUS_STEP_PRIVILEGES: "bar new privileges for"
    case APUS_STEP_LANDLOCK: "restrict the paths of a program:"
    case APUS_STEP_FILTER: "filter the system calls of"
    case APUS_STEP_INIT: "start the first process of"
    default: "start"
    }
  }

  static func advice(_ code: CInt, _ step: apus_spawn_step) -> String {
    switch (code, step) {
    case (ENOENT, APUS_STEP_EXEC): "There is no such program, or its interpreter or loader is missing"
    case (EACCES, APUS_STEP_EXEC): "The file must be executable for this user (chmod +x), and so must its folders be"
    case (ENOEXEC, APUS_STEP_EXEC): "It is not a program for this machine; a script needs a first line like #!/bin/sh"
    case (ENOENT, APUS_STEP_DIRECTORY): "The folder does not exist"
    case (ENOTDIR, APUS_STEP_DIRECTORY): "It must be a folder"
    case (EACCES, APUS_STEP_DIRECTORY): "The folder, and those above it, must be open to this user (chmod +x)"
    case (EAGAIN, APUS_STEP_CLONE): "Too many processes: raise the limit (ulimit -u) or lower max replicas"
    case (EPERM, APUS_STEP_CLONE): "Namespaces are not permitted here: IsolationSupport.probe says which"
    case (ENOSPC, APUS_STEP_CLONE): "No namespace is left: raise those limits of /proc/sys/user that are too low"
    case (EPERM, APUS_STEP_LIMITS): "Only root may raise a limit above the present one"
    case (EACCES, APUS_STEP_USERS): "A process that may not be dumped can't map users: see PR_SET_DUMPABLE in prctl(2)"
    case (EPERM, APUS_STEP_USERS): "This system lets ordinary users make no user namespace"
    case (ENOENT, APUS_STEP_ROOT): "It is missing on this machine, or lies where a share hides it"
    case (EEXIST, APUS_STEP_ROOT): "Two entries of the root have the same path"
    case (EPERM, APUS_STEP_ROOT), (EPERM, APUS_STEP_CHANGE_ROOT): "Mounts are not permitted here (CAP_SYS_ADMIN)"
    case (EACCES, APUS_STEP_ROOT): "This user has to be able to read it"
    case (EPERM, APUS_STEP_NETWORK): "Only root can enter a network that was made ahead"
    case (EINVAL, APUS_STEP_CHANGE_ROOT): "The present root is an initial ramdisk, which can't be left this way"
    case (ENOENT, APUS_STEP_LANDLOCK): "It is missing on this machine"
    default: ""
    }
  }
}
