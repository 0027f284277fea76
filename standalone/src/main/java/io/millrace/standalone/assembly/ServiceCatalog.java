package io.millrace.standalone.assembly;

import io.millrace.servicekit.config.Section;

/** The services that can be started, and what they say of a configuration. */
public interface ServiceCatalog extends ServiceStarter {

    /**
     * Returns the root of a configuration that every service would start with.
     *
     * @throws io.millrace.servicekit.config.ConfigException naming file, key and reason
     */
    Section checked(Section root);
}
