package io.millrace.standalone.command;

import io.millrace.standalone.assembly.ServiceKind;
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
                        .addSubcommand(new DemoCommand(lifetime))
                        .addSubcommand(new UpCommand(lifetime))
                        .addSubcommand(service(ServiceKind.INGRESS, lifetime))
                        .addSubcommand(service(ServiceKind.DISPATCHER, lifetime))
                        .addSubcommand(service(ServiceKind.USAGE_AGGREGATOR, lifetime))
                        .addSubcommand(new BrokerCommand(lifetime))
                        .addSubcommand(new SimulatedProviderCommand(lifetime))
                        .addSubcommand(new ConfigCommand())
                        .addSubcommand(BatchCommand.in(lifetime))
                        .addSubcommand(new DocumentsCommand(lifetime))
                        .addSubcommand(new BenchCommand(lifetime))
                        .addSubcommand(new DeadLettersCommand())
                        .addSubcommand(new DocsCommand())
                        .addSubcommand(new AotTrainingCommand(lifetime));
        return ExitCodes.applyTo(root);
    }

    private static CommandLine service(ServiceKind kind, Lifetime lifetime) {
        CommandLine service = new CommandLine(new ServiceCommand(kind, lifetime));
        service.getCommandSpec().name(kind.commandName());
        service.getCommandSpec()
                .usageMessage()
                .description(
                        "Runs one %s against any Kafka and registry; start as many as wanted."
                                .formatted(kind.commandName()));
        return service;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
