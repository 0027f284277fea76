package io.millrace.servicekit.config;

import java.util.List;

/**
 * The reference page of one section of the file: what a config record contributes to
 * docs/configuration.md.
 *
 * @param path where the section stands, such as {@code ingress.limits} or {@code providers[]}
 * @param doc what it is for
 * @param settings its keys in the order of the page
 */
public record Reference(String path, String doc, List<Setting<?>> settings) {

    public Reference {
        settings = List.copyOf(settings);
    }

    /** Returns the keys of the settings. */
    public List<String> keys() {
        return settings.stream().<String>map(Setting::key).toList();
    }

    /** Returns the section of the page, in Markdown. */
    public String toMarkdown() {
        StringBuilder page = new StringBuilder("## `%s`%n%n%s%n%n".formatted(path, doc));
        page.append("| key | form | default | what |%n|---|---|---|---|%n".formatted());
        for (Setting<?> setting : settings) {
            String defaultText = setting.defaultText().map(text -> "`" + text + "`").orElse("");
            page.append(
                    "| `%s` | %s | %s | %s |%n"
                            .formatted(setting.key(), setting.form(), defaultText, setting.doc()));
        }
        return page.toString();
    }
}
