@NullMarked
package io.millrace.ingress.jobs;

import org.jspecify.annotations.NullMarked;
