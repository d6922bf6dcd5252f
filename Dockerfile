# The README's steps in a container: packages, then a start that listens on every interface.
FROM node:22-bookworm-slim
WORKDIR /odradek
COPY . .
RUN npm ci --omit=dev --ignore-scripts
# As in the npm package: the program in one file. Where the lock file is, the sources would be run.
RUN npm run prepack && rm package-lock.json
VOLUME /data
EXPOSE 9092
STOPSIGNAL SIGTERM
# Clients outside connect to the published port on localhost; say otherwise with advertised.listeners.
CMD ["node", "bin/odradek.mjs", "start", \
     "--override", "log.dirs=/data", \
     "--override", "listeners=PLAINTEXT://:9092,CONTROLLER://localhost:9093", \
     "--override", "advertised.listeners=PLAINTEXT://localhost:9092"]
