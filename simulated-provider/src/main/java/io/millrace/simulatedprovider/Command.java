package io.millrace.simulatedprovider;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What the arguments of the process say. */
sealed interface Command {

    /** The options, for people. */
    String OPTIONS =
            """
            simulated-provider [--port N] [--ledger FILE] [--seed N]
                               [--requests-per-minute N] [--tokens-per-minute N]
                               [--api-key KEY]... [--limits-per-key] [--max-calls N]
                               [--tls FILE]

            --limits-per-key  each key has the limits for itself
            --tls FILE        speaks TLS with a certificate of its own making for 127.0.0.1 and
                              localhost, which it writes to FILE in PEM
            """;

    record Serve(SimulatedProviderConfig config) implements Command {}

    record Help() implements Command {}

    record Wrong(String reason) implements Command {}

    static Command of(List<String> arguments) {
        SimulatedProviderConfig config = SimulatedProviderConfig.DEFAULTS;
        Iterator<String> rest = arguments.iterator();
        try {
            while (rest.hasNext()) {
                String option = rest.next();
                if (option.equals("--help")) {
                    return new Help();
                }
                config = with(config, option, rest);
            }
        } catch (NumberFormatException e) {
            return new Wrong("an option that takes a number has none: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return new Wrong(String.valueOf(e.getMessage()));
        }
        return new Serve(config);
    }

    private static SimulatedProviderConfig with(
            SimulatedProviderConfig config, String option, Iterator<String> rest) {
        return switch (option) {
            case "--port" -> config.withPort(Integer.parseInt(value(option, rest)));
            case "--ledger" -> config.withLedger(Path.of(value(option, rest)));
            case "--seed" -> config.withSeed(Long.parseLong(value(option, rest)));
            case "--requests-per-minute" ->
                    config.withRequestsPerMinute(Integer.parseInt(value(option, rest)));
            case "--tokens-per-minute" ->
                    config.withTokensPerMinute(Integer.parseInt(value(option, rest)));
            case "--limits-per-key" -> config.withLimitsPerKey();
            case "--api-key" -> config.withApiKeys(more(config.apiKeys(), value(option, rest)));
            case "--tls" -> config.withTls(Path.of(value(option, rest)));
            case "--max-calls" -> config.withMaximumCalls(Integer.parseInt(value(option, rest)));
            default -> throw new IllegalArgumentException("unknown option '" + option + "'");
        };
    }

    private static List<String> more(List<String> keys, String key) {
        List<String> all = new ArrayList<>(keys);
        all.add(key);
        return all;
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.next();
    }
}
