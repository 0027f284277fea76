package io.millrace.standalone.command;

import io.millrace.standalone.process.Lifetime;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of Millrace: the root command and everything under it. */
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Event-driven, asynchronous inference broker on Kafka.",
        synopsisSubcommandLabel = "COMMAND")
public final class Commands implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    private Commands() {}

    /** Wires every command to the life of the process it runs in. */
    public static CommandLine in(Lifetime lifetime) {
        CommandLine root =
                new CommandLine(new Commands())
                        .addSubcommand(new BrokerCommand(lifetime))
                        .addSubcommand(new AotTrainingCommand());
        return ExitCodes.applyTo(root);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
