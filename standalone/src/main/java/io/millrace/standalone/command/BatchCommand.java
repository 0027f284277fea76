package io.millrace.standalone.command;

import io.millrace.standalone.process.Lifetime;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace batch}: files of requests, for people who don't want to write code. */
@Command(
        name = "batch",
        mixinStandardHelpOptions = true,
        description = "Submits files of requests as batches, and fetches what they were answered.",
        footer = {
            "",
            "Exit codes: 0 done, and no line of the batch failed; 1 it failed, or some of its"
                    + " lines; 2 wrong usage.",
        },
        synopsisSubcommandLabel = "COMMAND")
final class BatchCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    private BatchCommand() {}

    /** Returns the command with everything under it. */
    static CommandLine in(Lifetime lifetime) {
        return new CommandLine(new BatchCommand())
                .addSubcommand(new BatchSubmitCommand(lifetime))
                .addSubcommand(new BatchStatusCommand())
                .addSubcommand(new BatchResultsCommand())
                .addSubcommand(new BatchCancelCommand());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
