@NullMarked
package io.millrace.ingress.submission;

import org.jspecify.annotations.NullMarked;
