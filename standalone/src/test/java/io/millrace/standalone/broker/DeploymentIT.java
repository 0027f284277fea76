package io.millrace.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.servicekit.kafka.Deployment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentIT {

    private static final int SERVICES = 4;
    private static final int TOPICS = 20;

    @TempDir private Path temp = Path.of("");

    @Test
    void servicesThatStartAtOnceFindEachOthersTopics() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.of(temp, 0));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            List<NewTopic> wanted =
                    IntStream.range(0, TOPICS)
                            .mapToObj(i -> new NewTopic("topic-" + i, 4, (short) 1))
                            .toList();
            CountDownLatch all = new CountDownLatch(SERVICES);

            // When
            List<Future<Set<String>>> services = new ArrayList<>();
            for (int i = 0; i < SERVICES; i++) {
                services.add(
                        threads.submit(() -> {
                            try (Admin admin = admin(broker)) {
                                all.countDown();
                                all.await();
                                new Deployment(admin).ensure(wanted);
                                return admin.listTopics().names().get();
                            }
                        }));
            }

            // Then
            for (Future<Set<String>> each : services) {
                assertThat(each.get()).containsAll(wanted.stream().map(NewTopic::name).toList());
            }
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
