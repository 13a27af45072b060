import ApusCommandLine

/// `apus dev`: as `up`, and what changes in the sources takes the place of what runs.
enum DevCommand {
  static let usage = Command(
    "dev", "As up, and build and swap functions whenever their sources change",
    discussion: "Functions with `lang: swift` are watched. A new program takes over when it is ready and no call is"
      + " lost; errors of a build are shown, and what ran before serves on.\n\n" + UpCommand.statuses,
    options: UpCommand.options
  ) { arguments in try UpCommand(arguments, isDeveloping: true).run() }
}
