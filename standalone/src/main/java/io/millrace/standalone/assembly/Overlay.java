package io.millrace.standalone.assembly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import io.millrace.servicekit.config.Units;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a command knows better than the file, laid over the file's root: each method returns the
 * root with it.
 *
 * <p>What stands in the file stays, unless a method says otherwise.
 */
public final class Overlay {

    private static final String KAFKA = "kafka";
    private static final String AGGREGATOR = "usage-aggregator";
    private static final String EMBEDDED_SLOTS = "16";
    private static final String LOCAL = "local";
    private static final String EMBEDDING_MODEL = "all-minilm-l6-v2";

    private Overlay() {}

    /** Whether the file names a Kafka cluster, so that none is to be embedded. */
    public static boolean namesKafka(Section root) {
        return root.section(KAFKA).has("bootstrap-servers");
    }

    /** With the embedded broker and registry in place of any in the file. */
    static Section onEmbedded(Section root, String bootstrapServers, String registry) {
        return edited(
                root,
                KAFKA,
                kafka -> {
                    kafka.put("bootstrap-servers", bootstrapServers);
                    kafka.put("schema-registry", registry);
                    kafka.put("replication-factor", 1);
                    absent(kafka, "slots", EMBEDDED_SLOTS);
                });
    }

    /** With a master key in that file. */
    static Section withMasterKey(Section root, Path file) {
        return edited(root, "auth", auth -> absent(auth, "master-key", "file:" + file));
    }

    /** With an ingress that listens there, whatever the file says. */
    public static Section ingressAt(Section root, int port) {
        return edited(root, "ingress", ingress -> ingress.put("port", port));
    }

    /** With a usage-aggregator that listens there, whatever the file says. */
    public static Section aggregatorAt(Section root, int port) {
        return edited(
                root,
                AGGREGATOR,
                aggregator -> {
                    aggregator.put("port", port);
                    absent(aggregator, "url", loopback(port));
                });
    }

    /** With a dispatcher that waits no longer than that for calls under way when it stops. */
    public static Section drainingFor(Section root, Duration drain) {
        return edited(
                root, "dispatcher", dispatcher -> dispatcher.put("drain", Units.duration(drain)));
    }

    /** Where the file wants a service to listen, if it says. */
    public static Optional<Integer> configuredPort(Section root, ServiceKind kind) {
        Section section = root.section(kind.commandName());
        return section.has("port")
                ? section.find(Setting.integer("port", "", 0, 65_535))
                : Optional.empty();
    }

    /** With the embedding model that is built in, and a small price for it. */
    static Section withLocalModel(Section root) {
        if (named(root, "providers", LOCAL)) {
            return root;
        }
        Section withProvider =
                listed(root, "providers", LOCAL, provider -> provider.put("dialect", LOCAL));
        return listed(
                withProvider,
                "models",
                LOCAL + "/" + EMBEDDING_MODEL,
                model -> {
                    ObjectNode target = model.putArray("targets").addObject();
                    target.put("provider", LOCAL);
                    target.put("model", EMBEDDING_MODEL);
                    model.putObject("price").put("input", "0.02").put("output", "0");
                });
    }

    private static Section edited(Section root, String section, Consumer<ObjectNode> edit) {
        root.section(section); // refuses what is no mapping, naming it
        return root.edited(tree -> {
            ObjectNode part =
                    tree.get(section) instanceof ObjectNode there ? there : tree.putObject(section);
            edit.accept(part);
            return tree;
        });
    }

    /** Adds an entry of that name to a list, unless there is one. */
    private static Section listed(
            Section root, String list, String name, Consumer<ObjectNode> content) {
        if (named(root, list, name)) {
            return root;
        }
        return root.edited(tree -> {
            ArrayNode entries =
                    tree.get(list) instanceof ArrayNode there ? there : tree.putArray(list);
            ObjectNode entry = entries.addObject();
            entry.put("name", name);
            content.accept(entry);
            return tree;
        });
    }

    private static boolean named(Section root, String list, String name) {
        return root.list(list).stream()
                .anyMatch(entry ->
                        entry.find(Setting.text("name", "")).filter(name::equals).isPresent());
    }

    private static void absent(ObjectNode section, String key, String value) {
        JsonNode there = section.get(key);
        if (there == null || there.isNull()) {
            section.put(key, value);
        }
    }

    private static String loopback(int port) {
        return "http://127.0.0.1:" + port;
    }
}
