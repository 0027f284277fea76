package io.millrace.standalone.command;

import io.millrace.servicekit.config.ConfigFile;
import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.standalone.assembly.BootSecrets;
import io.millrace.standalone.assembly.Overlay;
import io.millrace.standalone.assembly.Services;
import io.millrace.standalone.assembly.Standalone;
import io.millrace.standalone.assembly.StandalonePorts;
import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.demo.Demo;
import io.millrace.standalone.process.Distribution;
import io.millrace.standalone.process.Lifetime;
import io.millrace.standalone.registry.RegistryConfig;
import io.millrace.standalone.registry.RegistryProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code millrace aot-training}: starts what {@code up} starts, does a little work and stops, for
 * practice.
 *
 * <p>The launcher runs it after a build, with {@code -XX:AOTCacheOutput}: what this JVM loaded and
 * compiled until its end goes into the cache that later starts use. The registry's JVM has a cache
 * of its own, made along the way.
 */
@Command(
        name = "aot-training",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Starts and stops everything once, so that an AOT cache can be written.")
final class AotTrainingCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(1);
    private static final String TEXT =
            """
            A batch of one passage takes the same path as a batch of a thousand.

            Practice makes the second start quicker than the first.
            """;

    private final Lifetime lifetime;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Folder to practise in; may be deleted afterwards.")
    private Path data = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    AotTrainingCommand(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        try (StartedParts parts = new StartedParts()) {
            DataDirectory directory = parts.add(DataDirectory.open(data));
            LogForm.toFile(directory.logs().resolve("millrace.log"));
            RegistryProcess.trainOnce(
                    RegistryConfig.of(
                            Distribution.ofThisProcess(),
                            directory.cache(),
                            directory.logs(),
                            directory.run(),
                            0));
            return practise(parts, directory) ? ExitCodes.DONE : ExitCodes.FAILED;
        }
    }

    private boolean practise(StartedParts parts, DataDirectory directory)
            throws InterruptedException, IOException {
        BootSecrets secrets = BootSecrets.in(directory, new SecureRandom());
        Standalone standalone =
                parts.add(
                        Standalone.start(
                                Overlay.drainingFor(ConfigFile.absent(System.getenv()), DRAIN),
                                directory,
                                StandalonePorts.free(),
                                Services.bootedWith(secrets)));
        if (!Readiness.await(standalone.health(), lifetime)) {
            return false;
        }
        Path texts = Files.createDirectories(directory.cache().resolve("texts"));
        Files.writeString(texts.resolve("practice.txt"), TEXT);
        URI base = URI.create("http://127.0.0.1:" + standalone.ports().get("ingress"));
        Demo demo = new Demo(spec.commandLine().getOut(), false, lifetime, InstantSource.system());
        return demo.run(demo.read(texts), "practice", base, secrets.tenantKey(), directory.cache());
    }
}
