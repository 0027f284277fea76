package io.millrace.standalone.command;

import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.servicekit.log.Logging;
import io.millrace.standalone.broker.BrokerConfig;
import io.millrace.standalone.broker.EmbeddedBroker;
import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.process.Distribution;
import io.millrace.standalone.registry.RegistryConfig;
import io.millrace.standalone.registry.RegistryProcess;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code millrace aot-training}: starts what {@code up} starts and stops it again, for practice.
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

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Folder to practise in; may be deleted afterwards.")
    private Path data = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(Logging.Form.PLAIN, Optional.empty());
        try (StartedParts parts = new StartedParts()) {
            DataDirectory directory = parts.add(DataDirectory.open(data));
            parts.add(EmbeddedBroker.start(BrokerConfig.of(directory.kafka(), 0)));
            RegistryProcess.train(
                    RegistryConfig.of(
                            Distribution.ofThisProcess(),
                            directory.registry(),
                            directory.logs(),
                            directory.run(),
                            0));
        }
        return ExitCodes.DONE;
    }
}
