# One image for both programs: `mentorweave` (a node) and `mentorweave-fed` (the exchange and the stewards).
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /srv/mentorweave
COPY requirements.txt ./
RUN /srv/mentorweave/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY protocol protocol
COPY federation federation
COPY node node
RUN /srv/mentorweave/bin/pip install --no-cache-dir --no-deps --no-build-isolation . && /srv/mentorweave/bin/pip check

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 mentorweave \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data mentorweave \
    && install -d -o mentorweave -g mentorweave -m 0700 /data /keys
COPY --from=build /srv/mentorweave /srv/mentorweave
ENV PATH=/srv/mentorweave/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /data
# Data and keys lie in volumes of their own; nothing else is ever written.
VOLUME ["/data", "/keys"]
CMD ["mentorweave", "--help"]
