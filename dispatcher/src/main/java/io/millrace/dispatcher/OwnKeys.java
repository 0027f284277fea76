package io.millrace.dispatcher;

import io.millrace.dispatcher.provider.dialect.ConfiguredKeys;
import io.millrace.servicekit.config.Secret;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.util.List;

/**
 * The API keys that stand in this process's own configuration file, which control refers to instead
 * of carrying them.
 */
record OwnKeys(Section root) implements ConfiguredKeys {

    private static final Setting<String> NAME = Setting.text("name", "Name of the provider");
    private static final Setting<Secret> KEY = Setting.secret("api-key", "Its keys");

    @Override
    public List<String> of(String provider) {
        return root.list("providers").stream()
                .filter(each -> each.find(NAME).filter(provider::equals).isPresent())
                .flatMap(each -> each.all(KEY).stream())
                .filter(Secret.Literal.class::isInstance)
                .map(each -> each.reveal(root.environment()))
                .toList();
    }
}
