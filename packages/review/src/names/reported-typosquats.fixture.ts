/*
 * Imitations that registries have removed, and what they imitated, from public reports: by hand, a name and its model in each line. Names that
 * were like no other are no imitations and are not here.
 */
export const reportedNpm: ReadonlyArray<readonly [string, string]> = pairs(`
  babelcli babel-cli, crossenv cross-env, cross-env.js cross-env, d3.js d3, fabric-js fabric, ffmepg ffmpeg, gruntcli grunt-cli,
  http-proxy.js http-proxy, jquery.js jquery, mongose mongoose, mssql.js mssql, mssql-node mssql, mysqljs mysql,
  node-fabric fabric, node-opensl openssl, node-openssl openssl, node-sqlite sqlite, nodefabric fabric, nodeffmpeg ffmpeg,
  nodemailer-js nodemailer, nodemailer.js nodemailer, nodemssql mssql, noderequest request, nodesass node-sass, nodesqlite sqlite,
  opencv.js opencv, openssl.js openssl, shadowsock shadowsocks, sqlite.js sqlite, sqliter sqlite, nodecaffe caffe,
  electorn electron, loadyaml js-yaml, lodashs lodash, loadsh lodash, lodahs lodash, loadash lodash, lodas lodash, l0dash lodash,
  browserift browserify, requst request, reqeust request, requesst request, expres express, epxress express, expresss express,
  axois axios, axioss axios, axi0s axios, comander commander, commnader commander, chokader chokidar, chokidra chokidar,
  crypto-jss crypto-js, cryptojs crypto-js, bigunmber.js bignumber.js, bignumberjs bignumber.js, typescirpt typescript,
  typescriptjs typescript, coffescript coffee-script, angluar-cli @angular/cli, puppeter puppeteer, pupeter puppeteer,
  pupetier puppeteer, pretier prettier, preitter prettier, eslnit eslint, webpak webpack, weback webpack, momnet moment, momet moment,
  jqeury jquery, jqueryy jquery, jquerys jquery, reactt react, raect react, react-dmo react-dom, discordjs discord.js,
  discrod.js discord.js, dizcordjs discord.js, etherdjs ethers, ethesjs ethers, ethetsjs ethers, etherjs ethers, nodemonjs nodemon,
  react-router-dom.js react-router-dom, zustand.js zustand, noblox.js-proxy noblox.js, noblox.js-proxies noblox.js,
  twilio-npm twilio, rpc-websocket rpc-websockets, types-node @types/node, @typescript_eslinter/eslint @typescript-eslint/eslint-plugin,
  @tpyes/node @types/node, @bable/core @babel/core, babel-cor babel-core, uglyfi-js uglify-js, uglifyjs uglify-js, socketio socket.io,
  soket.io socket.io, sokcet.io socket.io, body-parse body-parser, bodyparser body-parser, bluebrid bluebird, underscroe underscore,
  undescore underscore, colours.js colors, crossspawn cross-spawn, event-streem event-stream, node-ipcc node-ipc, ioredi ioredis,
  mongodbb mongodb, mogodb mongodb, mongooose mongoose, sequelise sequelize, nodemialer nodemailer, dotnev dotenv, dotenvs dotenv,
  helmt helmet, jsonwebtokn jsonwebtoken, jsonwebtokens jsonwebtoken, bcryptt bcrypt, winstom winston, yarsg yargs,
  inquierer inquirer, inquirerjs inquirer, chalkk chalk, minimits minimist, rimarf rimraf, uuidd uuid, next-js next,
  tailwindcs tailwindcss, tailwind-css tailwindcss, vuejs vue, solana-web3.js @solana/web3.js, @anthropics/sdk @anthropic-ai/sdk,
  anthropic-ai-sdk @anthropic-ai/sdk, @anthropic/sdk @anthropic-ai/sdk, @modelcontextprotocl/sdk @modelcontextprotocol/sdk,
  modelcontextprotocol-sdk @modelcontextprotocol/sdk, @model-context-protocol/sdk @modelcontextprotocol/sdk, openal openai
`);

export const reportedPypi: ReadonlyArray<readonly [string, string]> = pairs(`
  colourama colorama, python3-dateutil python-dateutil, jeIlyfish jellyfish, jeilyfish jellyfish, urlib3 urllib3, urllib urllib3,
  acqusition acquisition, apidev-coop apidev-coop-cms, django-server django-server-guardian-api, setup-tools setuptools,
  diango django, djago django, dajngo django, djanga django, djagno django, easyinstall easy-install, pyscrapy scrapy,
  smplejson simplejson, mumpy numpy, numpyy numpy, nunpy numpy, matplotltib matplotlib, matplatlib-plus matplotlib, mathplotlib matplotlib,
  beautifulsup4 beautifulsoup4, beautifulsoop4 beautifulsoup4, cloudfare cloudflare, selemium selenium, seleniumm selenium,
  tensorflw tensorflow, tesnorflow tensorflow, tensoflow tensorflow, requesst requests, reqeusts requests, request requests,
  requestss requests, requets requests, requsts requests, rquests requests, requests3 requests, python-requests requests,
  fabrice fabric, termncolor termcolor, co1orama colorama, coloroma colorama, colorsama colorama, colarama colorama, deepseeek deepseek,
  pandass pandas, panda pandas, pandsa pandas, scikitlearn scikit-learn, scikit-lear scikit-learn, pyyam1 pyyaml, pyymal pyyaml,
  pyton-dateutil python-dateutil, pythondateutil python-dateutil, flaskk flask, falsk flask, flsak flask,
  cryptograhpy cryptography, crytography cryptography, pycrptodome pycryptodome, pillwo pillow, pilow pillow, botoo3 boto3,
  aiohtp aiohttp, aiohttpp aiohttp, sqlalchmy sqlalchemy, sqlachemy sqlalchemy, psycopg2-binry psycopg2-binary, pyhton-dotenv python-dotenv,
  opencv-pyhton opencv-python, opencvpython opencv-python, torchh torch, pytoch pytorch, langchian langchain, lanchain langchain,
  openia openai, anthropc anthropic, trasnformers transformers, huggingfacehub huggingface-hub, websocket-clinet websocket-client,
  discordpy discord-py, pipp pip, virtualnv virtualenv, pytest-asynico pytest-asyncio, fastapii fastapi, fasapi fastapi, uvicornn uvicorn,
  gunicron gunicorn, kubernets kubernetes, bitcoinlb bitcoinlib, ultralytic ultralytics
`);

function pairs(text: string): Array<readonly [string, string]> {
  return text
    .split(',')
    .map((pair) => pair.trim().split(/\s+/))
    .map(([name = '', model = '']) => [name, model] as const);
}
