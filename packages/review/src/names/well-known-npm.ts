/** Names of npm that people write by hand, which is why others imitate them. Written by hand as well. */
export const imitatedNpm: readonly string[] = `
@anthropic-ai/claude-code @anthropic-ai/sdk @google/genai @langchain/core @modelcontextprotocol/inspector @modelcontextprotocol/sdk @openai/agents d3 fabric ffmpeg grunt-cli helmet langchain mssql next noblox.js opencv openssl rpc-websockets shadowsocks sqlite twilio uuid vue
@angular/cli @angular/common @angular/core @apollo/client @aws-sdk/client-s3 @babel/cli @babel/core @babel/preset-env @babel/preset-react @babel/preset-typescript @babel/runtime @emotion/react @eslint/js @google-cloud/storage @nestjs/common @nestjs/core
@playwright/test @prisma/client @reduxjs/toolkit @sentry/node @solana/web3.js @supabase/supabase-js @swc/core @tanstack/react-query @testing-library/react @types/express @types/jest @types/lodash @types/node @types/react @typescript-eslint/parser @vue/compiler-sfc @web3-react/core
apollo-server archiver async autoprefixer aws-sdk axios babel-cli babel-core babel-loader babel-preset-env bcrypt bcryptjs bignumber.js bluebird body-parser bootstrap browserify bullmq chai chalk cheerio chokidar classnames coffee-script colors commander
concurrently cookie-parser core-js cors cross-env cross-spawn crypto-js css-loader cypress date-fns dayjs debug discord.js dotenv drizzle-orm electron electron-builder enzyme esbuild eslint eslint-config-prettier eslint-plugin-import eslint-plugin-react ethers event-stream
eventemitter3 express express-session fastify file-loader fs-extra fsevents glob globby graphql grunt gulp handlebars highlight.js html-webpack-plugin http-proxy http-proxy-middleware http-server husky immer immutable inquirer ioredis isomorphic-fetch jasmine jest jquery js-yaml
jsdom jsonwebtoken karma knex left-pad lint-staged lodash lodash-es lodash.debounce lodash.merge log4js mariadb marked material-ui minimatch minimist mkdirp mobx mocha moment moment-timezone mongodb mongoose morgan multer mustache mysql mysql2 nanoid next-auth
node-fetch node-forge node-ipc node-sass nodemailer nodemon openai passport playwright postcss postcss-loader prettier prisma prismjs prop-types protobufjs puppeteer react react-dom react-hook-form react-native react-query react-redux react-router react-router-dom react-scripts
readable-stream redux redux-thunk request request-promise rimraf rollup rxjs sass-loader selenium-webdriver semver sequelize serve-static shelljs socket.io socket.io-client sqlite3 storybook stripe style-loader styled-components supertest supports-color svelte tailwindcss telegraf terser
through2 ts-jest ts-loader ts-node tslib typeorm typescript ua-parser-js uglify-js underscore undici url-loader validator vite vitest vue-loader vue-router vuetify vuex web3 webpack webpack-cli webpack-dev-server winston xml2js yargs zustand
`
  .trim()
  .split(/\s+/);

/** Further names of npm that many trust: they may be like another. */
export const wellKnownNpm: readonly string[] = `
@aa-sdk/core @google-ai/generativelanguage @ls-lint/ls-lint @nestjsx/crud @react-native-mac/virtualized-lists @remotion/player @storyblok/js @svitejs/changesets-changelog-github-compact @vinejs/vine babel-preset-react bcrypt-nodejs bcrypt-ts bcrypto color-js commandbar
commoner crypto-es crypto2 csv-loader d3-node eclint ejs-lint eslint_d fs.extra highlightjs http-proxy-3 http2-proxy inquirer2 is-node jasmine-node jquery-ujs lodash-node lodash.eq mimer minimize mk-dirs mkdirp2 node-archiver preact-router protobuf.js ps-node reqwest scrypt
semiver storyblok telegram tslint-config-prettier ttypescript types-react typescript-eslint-parser validate validatorjs zustand-x
ansicolors async-disk-cache binaryextensions d3-time d3-timer error sync-disk-cache text-extensions textextensions asn1.js asn1js date-format dateformat duplexer duplexer2 jest-get-type jsonschema trough babel-plugin-polyfill-corejs2 babel-plugin-polyfill-corejs3 browserify-aes browserify-des dedent redent
@ama-sdk/core @aps_sdk/authentication @react-native-macos/virtualized-lists @rslint/core browserfs command concurrent cose-js data-fns electrobun fs-extra-p masked minimalist mongojs mongosh opencc-js openapi preact-redux prettify prism rereadable-stream sass.js scss-loader strip superwstest swell-js through3 vueify
@dotenvx/dotenvx apollo-client crypto dotenvx electrodb event-emitter eslint-plugin-import-x eslint-plugin-react-x graphiql highlight-es jslint jsx-lint minimisted mkdir node-fetch-h2 node-fetch-npm node-uuid postcss-js prettierx scrypt-js
@aws-cdk/core aws-cdk crypt eventemitter2 mquery uglify-es get-proto listr listr2 is-object pascalcase query-string gaxios ip-regex one-time synckit dom-serialize dargs just-diff parse-url upath wordwrap callsite postcss-values-parser random-bytes colord is-regexp sockjs stable tsutils
abbrev abort-controller accepts acorn acorn-walk agent-base ajv ajv-formats ajv-keywords amqplib anser ansi-align ansi-colors ansi-escapes ansi-regex
ansi-styles any-promise anymatch apollo-server archiver argparse array-flatten array-includes asap asn1 assert assert-plus assertion-error ast-types astro
async async-retry asynckit atob autoprefixer ava aws-sdk aws4 axios axios-retry axobject-query babel-cli babel-core babel-eslint babel-jest babel-loader
babel-polyfill babel-preset-env babel-runtime babel-types babel-traverse babel-template babel-generator babel-register babel-helpers balanced-match base64-js bcrypt bcryptjs big.js bignumber.js binary-extensions bindings bl bluebird bn.js
body-parser boolbase bootstrap bootstrap-vue boxen brace-expansion braces browserify browserslist bs58 buffer buffer-from bull bullmq bunyan busboy bytes
c8 cac cacheable-request call-bind callsites camel-case camelcase caniuse-lite canvas chai chalk chance chardet cheerio chokidar chownr chromedriver ci-info
classnames clean-css cli-cursor cli-spinners cli-table cli-table3 cli-width cliui clone clsx co code-point-at codemirror coffee-script coffeescript color color-convert
color-name colorette colors combined-stream commander common-tags commondir component-emitter compressible compression concat-map concat-stream concurrently
config connect consola content-disposition content-type convert-source-map cookie cookie-parser cookie-signature cookies copy-webpack-plugin core-js
core-js-compat core-util-is cors cosmiconfig create-react-app cron cron-parser croner cross-env cross-fetch cross-spawn crypto-js css-loader css-select css-tree css-what
cssesc cssnano cssstyle csstype csv csv-parse csv-stringify cypress d3 d3-array d3-scale d3-shape dashdash data-urls date-fns dayjs debug decamelize decimal.js decompress
deep-eql deep-equal deep-extend deep-is deepmerge define-properties del delayed-stream depd deps-regex dequal destroy detect-indent detect-libc detect-newline diff
dir-glob discord.js doctrine dom-serializer domelementtype domhandler dompurify domutils dot-prop dotenv dotenv-expand drizzle-orm duplexify eastasianwidth ee-first ejs
electron electron-builder electron-to-chromium ember-cli emittery emoji-regex encodeurl end-of-stream enhanced-resolve enquirer entities env-paths envinfo
enzyme err-code error-ex es-abstract es-module-lexer es6-promise esbuild escalade escape-html escape-string-regexp escodegen eslint eslint-config-airbnb
eslint-config-prettier eslint-config-standard eslint-plugin-import eslint-plugin-jest eslint-plugin-prettier eslint-plugin-react eslint-plugin-react-hooks
eslint-plugin-vue eslint-scope eslint-utils eslint-visitor-keys esm espree esprima esquery esrecurse estraverse estree-walker esutils etag ethers event-stream
event-target-shim eventemitter3 events execa exit expand-brackets expect express express-rate-limit express-session express-validator extend external-editor extglob extsprintf
fast-check fast-deep-equal fast-glob fast-json-stable-stringify fast-levenshtein fast-uri fastify fastq faye-websocket fb-watchman fdir figures file-entry-cache
file-loader file-type fill-range finalhandler find-cache-dir find-up flat flat-cache flatted follow-redirects for-each forever form-data formidable forwarded fp-ts framer-motion fresh
fs-extra fs-minipass fs.realpath fsevents function-bind function.prototype.name gatsby gauge get-caller-file get-intrinsic get-port get-stdin get-stream
get-symbol-description glob glob-parent globals globalthis globby gm google-auth-library gopd got graceful-fs grammy graphemer graphql graphql-tag grunt gulp gulp-util
gzip-size handlebars hapi has has-flag has-property-descriptors has-proto has-symbols hash.js hasown he helmet highlight.js history hoist-non-react-statics hono
hosted-git-info html-entities html-escaper html-loader html-webpack-plugin htmlparser2 http-errors http-proxy http-proxy-agent http-proxy-middleware
http-server https-proxy-agent human-signals husky i18next iconv-lite icss-utils ieee754 ignore immer immutable import-fresh import-local imurmurhash indent-string
inflight inherits ini inquirer internal-slot interpret invariant ioredis ip ipaddr.js is-arrayish is-bigint is-binary-path is-boolean-object
is-buffer is-callable is-core-module is-date-object is-docker is-extendable is-extglob is-fullwidth-code-point is-generator-fn is-glob is-number is-number-object is-obj is-odd is-even
is-path-inside is-plain-obj is-plain-object is-potential-custom-element-name is-promise is-regex is-shared-array-buffer is-stream is-string is-symbol is-typed-array is-typedarray
is-unicode-supported is-weakref is-windows is-wsl isarray isbot isexe isobject isomorphic-fetch isstream istanbul istanbul-lib-coverage jackspeak jasmine jest jest-cli jest-config
jest-diff jest-environment-jsdom jest-mock jest-util jest-worker jiti joi jose jpeg-js jquery jquery-ui js-tokens js-yaml jsbn jsdom jsesc json-buffer json-parse-better-errors
json-parse-even-better-errors json-schema json-schema-traverse json-stable-stringify json-stable-stringify-without-jsonify json-stringify-safe json5 jsonc-parser jsonfile jsonparse jsonwebtoken jsprim jsx-ast-utils jszip just jwa jws jwt-decode
karma keyv kind-of kleur knex knip koa koa-router kuler language-subtag-registry leaflet left-pad lerna less leven levn lilconfig lines-and-columns lint-staged listr load-json-file loader-runner
loader-utils locate-path lodash lodash-es lodash.clonedeep lodash.debounce lodash.get lodash.isequal lodash.memoize lodash.merge lodash.mergewith lodash.once lodash.sortby
lodash.template lodash.throttle lodash.uniq log-symbols log4js logform loglevel long loose-envify lower-case lowercase-keys lru-cache luxon magic-string mailgun-js make-dir make-error makeerror
map-obj mariadb marked material-ui math-intrinsics mathjs md5 mdurl media-typer memfs memoize memory-fs meow merge merge-descriptors merge-stream merge2 mermaid meteor
methods micromatch miller-rabin mime mime-db mime-types mimic-fn mimic-response min-indent minimalistic-assert minimatch minimist minipass minizlib mkdirp
mobx mobx-react mocha moment moment-timezone mongodb mongoose morgan mri ms msgpackr multer mute-stream mysql mysql2 mz nan nanoid natural-compare negotiator neo-async
nest next next-auth next-tick nextjs-toploader ng-packagr nice-try nock node-abi node-addon-api node-fetch node-forge node-gyp node-ipc node-notifier node-releases node-sass nodemailer nodemon nopt normalize-package-data
normalize-path normalize-url npm npm-run-all npm-run-path npmlog nth-check number-is-nan nuxt nwsapi nyc oauth oauth-sign object-assign object-hash object-inspect object-is object-keys object.assign
object.entries object.fromentries object.groupby object.values obuf on-finished on-headers once onetime open openai opener optionator ora os-locale os-tmpdir outdent own-keys oxlint oxfmt
p-finally p-limit p-locate p-map p-queue p-retry p-timeout p-try package-json package-json-from-dist pako param-case parent-module parse-json parse5 parseurl pascal-case passport passport-jwt
passport-local path-exists path-is-absolute path-is-inside path-key path-parse path-scurry path-to-regexp path-type pathe pathval pend performance-now pg pg-promise pg-types pg-pool pg-protocol phantomjs phin picocolors picomatch
pify pino pino-pretty pinia pirates piscina pkg-dir pkg-types playwright playwright-core plotly.js pluralize pm2 pnpm png-js pngjs popper.js portfinder possible-typed-array-names postcss postcss-loader postcss-nested postcss-selector-parser postcss-value-parser
preact prelude-ls prettier prettier-linter-helpers pretty-format prisma prismjs process process-nextick-args progress prom-client promise prompts prop-types proto-list protobufjs proxy-addr proxy-from-env prr pseudomap psl pug
pump pumpify punycode puppeteer puppeteer-core pure-rand q qs querystring querystringify queue queue-microtask quick-lru ramda randombytes range-parser raw-body rc react react-dom react-hook-form
react-is react-native react-query react-redux react-refresh react-router react-router-dom react-scripts react-select react-spring react-transition-group read-pkg read-pkg-up readable-stream
readdirp rechoir recharts redis redux redux-saga redux-thunk reflect-metadata regenerate regenerator-runtime regexp.prototype.flags regexpp regjsgen regjsparser rehype relay-runtime remark
repeat-string request request-promise require-directory require-from-string require-main-filename requires-port reselect resolve resolve-cwd resolve-from resolve.exports responselike restify restore-cursor retry reusify rfdc rimraf
ripemd160 rollup rollup-plugin-terser rolldown run-async run-parallel rxjs safe-array-concat safe-buffer safe-regex-test safe-stable-stringify safer-buffer sass sass-loader sax saxes scheduler schema-utils
secp256k1 selenium-webdriver semver send sequelize serialize-javascript serve serve-handler serve-static server set-blocking set-function-length set-proto setimmediate setprototypeof sha.js sharp shebang-command shebang-regex shelljs
shell-quote side-channel siginfo signal-exit simple-git simple-swizzle sinon sirv sisteransi slash slice-ansi slugify smart-buffer smol-toml snapdragon snappy socket.io socket.io-client socks socks-proxy-agent solc sonic-boom sort-keys
source-list-map source-map source-map-js source-map-support source-map-url sourcemap-codec spawn-command spdx-correct spdx-exceptions spdx-expression-parse spdx-license-ids split split2
sprintf-js sqlite sqlite3 sshpk ssh2 stack-utils stackback statuses std-env storybook stream-browserify streamsearch streamx string-argv string-length string-width string.prototype.matchall string.prototype.trim string.prototype.trimend string_decoder
strip-ansi strip-bom strip-eof strip-final-newline strip-indent strip-json-comments stripe style-loader styled-components stylelint stylis stylus sucrase superagent supertest supports-color
supports-hyperlinks supports-preserve-symlinks-flag svelte svgo swagger-ui-dist swagger-ui-express swiper swr symbol-observable symbol-tree table tailwindcss tapable tar tar-fs tar-stream teeny-request telegraf term-size terser
terser-webpack-plugin test-exclude text-table thenify thread-stream three throttle-debounce through through2 thunky timers tiny-invariant tinybench tinyexec tinyglobby tinyqueue tinyrainbow tinyspy tldts tmp to-fast-properties to-regex-range toidentifier tough-cookie tr46 tree-kill
trim-newlines ts-api-utils ts-interface-checker ts-jest ts-loader ts-node tsconfig-paths tslib tslint tsup tsx tty tunnel tunnel-agent turbo tweetnacl type-check type-detect type-fest type-is typedarray typeorm typescript ua-parser-js uglify-js
unbox-primitive underscore undici undici-types unified unique-filename unist-util-visit universalify unpipe untildify unplugin update-browserslist-db update-notifier uri-js url url-join url-loader url-parse use-sync-external-store util util-deprecate utils-merge uuid v8-to-istanbul valibot valid-url
validate-npm-package-license validate-npm-package-name validator vary verror vfile vite vite-node vitest vm2 vscode-uri vue vue-loader vue-router vuetify vuex w3c-xmlserializer walker watchpack wcwidth web-streams-polyfill web3 webidl-conversions webpack webpack-cli
webpack-dev-middleware webpack-dev-server webpack-merge webpack-sources websocket websocket-driver whatwg-encoding whatwg-fetch whatwg-mimetype whatwg-url which which-boxed-primitive which-collection which-module which-typed-array why-is-node-running wide-align winston word-wrap
wrap-ansi wrappy write-file-atomic ws xlsx xml xml-js xml-name-validator xml2js xmlbuilder xmlchars xmldom xmlhttprequest xpath xtend y18n yallist yaml yaml-ast-parser yargs yargs-parser yarn yauzl yeoman-generator yn yocto-queue yup zod zone.js zustand
@angular/animations @angular/cli @angular/common @angular/core @angular/forms @angular/router @apollo/client @aws-sdk/client-s3 @babel/cli @babel/core @babel/generator @babel/parser @babel/plugin-transform-runtime @babel/preset-env @babel/preset-react
@babel/preset-typescript @babel/runtime @babel/traverse @babel/types @emotion/react @emotion/styled @eslint/js @fortawesome/fontawesome-free @google-cloud/storage @hono/node-server @jest/core @mui/material @nestjs/common @nestjs/core @next/env @nuxt/kit @octokit/rest
@playwright/test @prisma/client @radix-ui/react-slot @react-native/babel-preset @reduxjs/toolkit @remix-run/react @rollup/plugin-node-resolve @sentry/node @solana/web3.js @storybook/react @supabase/supabase-js @sveltejs/kit @swc/core @tanstack/react-query @testing-library/react @tensorflow/tfjs
@types/express @types/jest @types/lodash @types/node @types/react @types/react-dom @typescript-eslint/eslint-plugin @typescript-eslint/parser @vercel/analytics @vitejs/plugin-react @vue/compiler-sfc @vueuse/core @web3-react/core @webassemblyjs/ast @ctrl/tinycolor @ai-sdk/openai
`
  .trim()
  .split(/\s+/);
