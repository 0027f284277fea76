package io.millrace.standalone.command;

import io.millrace.servicekit.config.ConfigFile;
import io.millrace.standalone.assembly.Services;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace config}: what concerns the configuration file. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Looks at configuration files.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ConfigCommand.Check.class)
final class ConfigCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** {@code millrace config check FILE}: reads a file as every service would. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Reads a file as every service would, and names the first error.")
    static final class Check implements Callable<Integer> {

        @Parameters(paramLabel = "FILE", description = "A millrace.yaml.")
        private Path file = Path.of("");

        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            Services.configuredOnly().checked(ConfigFile.read(file, System.getenv()));
            spec.commandLine().getOut().println(file + ": ok");
            return ExitCodes.DONE;
        }
    }
}
