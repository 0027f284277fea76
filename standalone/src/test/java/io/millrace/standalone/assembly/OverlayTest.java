package io.millrace.standalone.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.servicekit.config.ConfigException;
import io.millrace.servicekit.config.ConfigFile;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import io.millrace.servicekit.kafka.KafkaConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OverlayTest {

    private static final Setting<String> NAME = Setting.text("name", "");

    @Test
    void embeddedClusterHasOneReplicaAndSixteenSlots() {
        // When
        KafkaConfig kafka =
                KafkaConfig.from(
                        Overlay.onEmbedded(file(""), "127.0.0.1:1", "http://127.0.0.1:2")
                                .section("kafka"));
        // Then
        assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:1");
        assertThat(kafka.slots()).isEqualTo(16);
        assertThat(kafka.replicationFactor()).isEqualTo((short) 1);
    }

    @Test
    void slotsOfTheFileStay() {
        // When
        KafkaConfig kafka =
                KafkaConfig.from(
                        Overlay.onEmbedded(
                                        file("kafka: {slots: 4}"),
                                        "127.0.0.1:1",
                                        "http://127.0.0.1:2")
                                .section("kafka"));
        // Then
        assertThat(kafka.slots()).isEqualTo(4);
    }

    @Test
    void embeddingModelIsThereUnlessTheFileHasAProviderOfItsName() {
        // When
        Section without = Overlay.withLocalModel(file("models: [{name: mine}]"));
        Section with = Overlay.withLocalModel(file("providers: [{name: local}]"));
        // Then
        assertThat(names(without, "providers")).containsExactly("local");
        assertThat(names(without, "models")).containsExactly("mine", "local/all-minilm-l6-v2");
        assertThat(names(with, "models")).isEmpty();
    }

    @Test
    void masterKeyOfTheFileStays() {
        // When
        Section auth =
                Overlay.withMasterKey(file("auth: {master-key: mine}"), Path.of("/other"))
                        .section("auth");
        // Then
        assertThat(auth.find(Setting.text("master-key", ""))).contains("mine");
    }

    @Test
    void refusalsStillNameTheFile() {
        // Given
        Section root = Overlay.ingressAt(file("kafka: {slots: none}"), 8080);
        // Then
        assertThatThrownBy(() -> KafkaConfig.from(root.section("kafka")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("millrace.yaml: kafka.slots: ");
    }

    @Test
    void sectionThatIsNoMappingIsRefusedByName() {
        assertThatThrownBy(() -> Overlay.ingressAt(file("ingress: 8080"), 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("millrace.yaml: ingress: ");
    }

    @Test
    void unknownSectionIsRefusedByName() {
        assertThatThrownBy(() -> RootKeys.checked(file("tenant: []")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("millrace.yaml: tenant: unknown key");
    }

    private static List<String> names(Section root, String list) {
        return root.list(list).stream().map(entry -> entry.get(NAME)).toList();
    }

    private static Section file(String yaml) {
        return ConfigFile.parse("millrace.yaml", yaml, Map.of());
    }
}
