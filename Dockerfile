# errsurf for every part of a cluster: the scheduler, the workers, and `errsurf sweep` itself.  docs/cluster.md uses it.
FROM python:3.12-slim AS wheel
COPY . /source
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels /source

FROM python:3.12-slim
RUN --mount=type=bind,from=wheel,source=/wheels,target=/wheels \
    pip install --no-cache-dir "$(echo /wheels/errsurf-*.whl)[cluster,data]"
# dask's operator for Kubernetes starts these names; distributed has had `dask scheduler` and `dask worker` alone for some time.
RUN for part in scheduler worker; do \
      printf '#!/bin/sh\nexec dask %s "$@"\n' "$part" > "/usr/local/bin/dask-$part"; chmod 755 "/usr/local/bin/dask-$part"; \
    done
RUN useradd --create-home --uid 1000 errsurf
USER errsurf
# Compiled kernels are kept here; a volume over it keeps them for the next container.
ENV ERRSURF_CACHE=/home/errsurf/.cache/errsurf
RUN mkdir -p /home/errsurf/.cache/errsurf /home/errsurf/work
WORKDIR /home/errsurf/work
CMD ["errsurf", "--help"]
