package io.millrace.standalone.command;

import io.millrace.servicekit.config.ConfigFile;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.standalone.assembly.BootSecrets;
import io.millrace.standalone.assembly.Overlay;
import io.millrace.standalone.assembly.Services;
import io.millrace.standalone.assembly.Standalone;
import io.millrace.standalone.assembly.StandalonePorts;
import io.millrace.standalone.client.ApiException;
import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.demo.Demo;
import io.millrace.standalone.demo.Reading;
import io.millrace.standalone.process.Lifetime;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace demo}: everything started in a fresh folder, and put to work once. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Embeds a folder of documents in one batch, and asks them a question.")
final class DemoCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(1);
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("'demo'-yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Lifetime lifetime;

    // picocli leaves it null when the flag is not given
    @Option(
            names = "--documents",
            paramLabel = "DIR",
            description =
                    "Folder of texts: .txt, .md, .html, .java and others (default: the licences"
                            + " that the JDK ships).")
    private @Nullable Path documents;

    @Option(
            names = "--ask",
            defaultValue = "May I use the trademark?",
            paramLabel = "QUESTION",
            description = "What to ask the documents (default: ${DEFAULT-VALUE}).")
    private String question = "";

    @Option(
            names = "--data",
            defaultValue = "data",
            paramLabel = "DIR",
            description =
                    "Folder that the demo makes its own fresh folder in (default:"
                            + " ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Spec private CommandSpec spec = CommandSpec.create();

    DemoCommand(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path texts = documents;
        Path folder = texts == null ? Path.of(System.getProperty("java.home"), "legal") : texts;
        Demo demo = new Demo(out, Terminal.isThere(), lifetime, InstantSource.system());
        Reading reading = demo.read(folder);
        lifetime.hold();
        try (StartedParts parts = new StartedParts()) {
            DataDirectory directory =
                    parts.add(DataDirectory.open(data.resolve(FOLDER.format(Instant.now()))));
            LogForm.toFile(directory.logs().resolve("millrace.log"));
            BootSecrets secrets = BootSecrets.in(directory, new SecureRandom());
            out.println("starting broker, registry and services in " + directory.root());
            out.flush();
            Standalone standalone =
                    parts.add(
                            Standalone.start(
                                    configuration(),
                                    directory,
                                    StandalonePorts.free(),
                                    Services.bootedWith(secrets)));
            directory.ports().write(standalone.ports());
            boolean good =
                    Readiness.await(standalone.health(), lifetime)
                            && run(demo, reading, standalone, directory, secrets);
            return good ? ExitCodes.DONE : ExitCodes.FAILED;
        } catch (ApiException e) {
            spec.commandLine().getErr().println("millrace: " + e.getMessage());
            return ExitCodes.FAILED;
        }
    }

    private boolean run(
            Demo demo,
            Reading reading,
            Standalone standalone,
            DataDirectory directory,
            BootSecrets secrets)
            throws InterruptedException {
        URI base = URI.create("http://127.0.0.1:" + standalone.ports().get("ingress"));
        return demo.run(reading, question, base, secrets.tenantKey(), directory.cache());
    }

    /** The built-in defaults, and an end within seconds. */
    private static Section configuration() {
        return Overlay.drainingFor(ConfigFile.absent(System.getenv()), DRAIN);
    }
}
