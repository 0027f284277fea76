package io.millrace.standalone.command;

import io.millrace.servicekit.config.ConfigException;
import io.millrace.standalone.client.ApiException;
import io.millrace.standalone.process.RefusedException;
import io.millrace.standalone.registry.RegistryStartException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What a command's end means to the shell, and what is said on standard error. */
public final class ExitCodes {

    /** What was asked for is done. */
    public static final int DONE = 0;

    /** It was tried and failed. */
    public static final int FAILED = 1;

    /** The user must change a flag, a file or the machine before it can work. */
    public static final int REFUSED = 2;

    private ExitCodes() {}

    /** Makes a command line keep to these codes. */
    static CommandLine applyTo(CommandLine commandLine) {
        return commandLine
                .setParameterExceptionHandler(ExitCodes::misused)
                .setExecutionExceptionHandler(ExitCodes::failed);
    }

    private static int misused(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        say(command, message(e) + "; see " + name(command) + " --help");
        return REFUSED;
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        return switch (e) {
            case RefusedException _, ConfigException _ -> {
                say(command, message(e));
                yield REFUSED;
            }
            case RegistryStartException _, NotReadyException _ -> {
                say(command, message(e));
                yield FAILED;
            }
            case ApiException api -> {
                say(command, message(api));
                yield api.usersFault() ? REFUSED : FAILED;
            }
            default -> {
                say(command, name(command) + " failed: " + e);
                e.printStackTrace(command.getErr());
                yield FAILED;
            }
        };
    }

    private static String message(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    private static void say(CommandLine command, String message) {
        command.getErr().println("millrace: " + message.lines().findFirst().orElse(""));
        command.getErr().flush();
    }
}
