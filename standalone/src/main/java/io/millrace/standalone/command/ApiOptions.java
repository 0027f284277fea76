package io.millrace.standalone.command;

import io.millrace.servicekit.http.Trust;
import io.millrace.standalone.client.ApiClient;
import io.millrace.standalone.process.RefusedException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --url}, {@code --key} and {@code --ca}: which API a command is a client of. */
final class ApiOptions {

    private static final String VARIABLE = "MILLRACE_API_KEY";

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8080",
            paramLabel = "URL",
            description = "Address of an ingress (default: ${DEFAULT-VALUE}).")
    private String url = "";

    // picocli leaves it null when the flag is not given
    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "API key (default: the environment variable MILLRACE_API_KEY, which other users"
                            + " of the machine cannot read).")
    private @Nullable String key;

    // picocli leaves it null when the flag is not given
    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "PEM file of the certificates to trust for an https address, and no others"
                            + " (default: those that the JVM trusts).")
    private @Nullable Path ca;

    /** Returns a client, to be closed. */
    ApiClient client() {
        return new ApiClient(address(), checkedKey(), trust());
    }

    private Trust trust() {
        if (ca == null) {
            return Trust.JVM;
        }
        if (!url.startsWith("https:")) {
            throw new RefusedException("--ca: has no meaning unless --url begins with https:");
        }
        try {
            return Trust.of(ca);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("--ca: %s %s".formatted(ca, e.getMessage()));
        }
    }

    private URI address() {
        try {
            URI address = URI.create(url);
            if (Set.of("http", "https").contains(String.valueOf(address.getScheme()))
                    && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw new RefusedException(
                "--url: must be an address such as http://127.0.0.1:8080, but was '%s'"
                        .formatted(url));
    }

    private String checkedKey() {
        String found =
                Optional.ofNullable(key)
                        .or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
                        .orElse("");
        if (found.isBlank() || found.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new RefusedException(
                    "--key: needs an API key, there or in the environment variable " + VARIABLE);
        }
        return found;
    }
}
